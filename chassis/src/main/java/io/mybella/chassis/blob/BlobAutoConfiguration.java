package io.mybella.chassis.blob;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.services.s3.S3Client;

/** Provides the blob store of a service. */
@AutoConfiguration
@EnableConfigurationProperties(BlobProperties.class)
class BlobAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty(name = "mybella.blobs.kind", havingValue = "folder", matchIfMissing = true)
  BlobStore blobStore(BlobProperties properties, Environment environment) {
    return new FolderBlobStore(
        properties.folder().resolve(environment.getRequiredProperty("spring.application.name")));
  }

  /** Apart, so that no class of the S3 client is loaded where a folder is used. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(S3Client.class)
  @ConditionalOnProperty(name = "mybella.blobs.kind", havingValue = "s3")
  static class InABucket {

    @Bean
    @ConditionalOnMissingBean(BlobStore.class)
    S3BlobStore blobStore(BlobProperties properties, Environment environment) {
      return new S3BlobStore(
          properties.s3(), environment.getRequiredProperty("spring.application.name"));
    }
  }
}
