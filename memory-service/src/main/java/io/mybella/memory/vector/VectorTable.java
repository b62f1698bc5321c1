package io.mybella.memory.vector;

import io.mybella.memory.erasure.ErasableTable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has vectors forgotten and erased with their pair. */
@Configuration(proxyBeanMethods = false)
class VectorTable {

  @Bean
  ErasableTable erasableVectors() {
    return new ErasableTable("message_vector", "message_id");
  }
}
