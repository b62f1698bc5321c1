package io.mybella.memory.history;

import io.mybella.memory.erasure.ErasableTable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has messages forgotten and erased with their pair. */
@Configuration(proxyBeanMethods = false)
class MessageTable {

  @Bean
  ErasableTable erasableMessages() {
    return new ErasableTable("chat_message", "id");
  }
}
