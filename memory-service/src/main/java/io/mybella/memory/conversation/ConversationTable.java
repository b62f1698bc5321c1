package io.mybella.memory.conversation;

import io.mybella.memory.erasure.ErasableTable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has conversations, and what they come to, forgotten and erased with their pair. */
@Configuration(proxyBeanMethods = false)
class ConversationTable {

  @Bean
  ErasableTable erasableConversations() {
    // What is said afterwards opens another one.
    return new ErasableTable(
        "conversation",
        "id",
        """
        UPDATE conversation SET ended_at = last_message_at
        WHERE user_id = :user_id AND persona_id = :persona_id AND ended_at IS NULL
        """);
  }

  @Bean
  ErasableTable erasableRollingSummaries() {
    return new ErasableTable("rolling_summary", "id");
  }
}
