package io.mybella.memory.fact;

import io.mybella.memory.erasure.ErasableTable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has what was learned forgotten and erased with its pair. */
@Configuration(proxyBeanMethods = false)
class FactTable {

  @Bean
  ErasableTable erasableFacts() {
    // What is learned afterwards would meet a value that is hidden, but holds.
    return new ErasableTable(
        "preference",
        "id",
        """
        UPDATE preference SET valid_until = GREATEST(valid_from, last_confirmed), withdrawn = true
        WHERE user_id = :user_id AND persona_id = :persona_id AND valid_until IS NULL
        """);
  }
}
