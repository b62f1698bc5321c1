package io.mybella.memory.importing;

import io.mybella.memory.erasure.ErasableTable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has what is known of imports erased with its pair, and not forgotten. */
@Configuration(proxyBeanMethods = false)
class OriginTable {

  @Bean
  ErasableTable erasableOrigins() {
    return ErasableTable.outliving("import_origin", "id");
  }
}
