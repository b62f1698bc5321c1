package io.mybella.chassis.blob;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Provides the blob store of a service. */
@AutoConfiguration
@EnableConfigurationProperties(BlobProperties.class)
class BlobAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  BlobStore blobStore(BlobProperties properties, Environment environment) {
    return new FolderBlobStore(
        properties.folder().resolve(environment.getRequiredProperty("spring.application.name")));
  }
}
