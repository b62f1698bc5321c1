package io.mybella.gateway.door.route;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the services are.
 *
 * @param personaUrl persona-service
 * @param memoryUrl memory-service
 * @param voiceUrl voice-service
 * @param chatUrl chat-service
 */
@ConfigurationProperties("mybella.services")
record ServiceAddresses(URI personaUrl, URI memoryUrl, URI voiceUrl, URI chatUrl) {}
