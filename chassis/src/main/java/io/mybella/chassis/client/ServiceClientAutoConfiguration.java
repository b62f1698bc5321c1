package io.mybella.chassis.client;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;

/** Provides the clients to other services. */
@AutoConfiguration(after = RestClientAutoConfiguration.class)
@EnableConfigurationProperties(ServiceClientProperties.class)
class ServiceClientAutoConfiguration {

  @Bean
  ServiceClients serviceClients(RestClient.Builder builder, ServiceClientProperties properties) {
    return new ServiceClients(builder, properties);
  }
}
