package io.mybella.chassis.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service recognises the gateway's tokens.
 *
 * @param jwksUri where the gateway publishes its public keys
 * @param issuer the only accepted {@code iss}
 * @param audience the service's own name, which must be among the token's {@code aud}
 */
@ConfigurationProperties("mybella.security")
record SecurityProperties(
    @DefaultValue("http://127.0.0.1:8080/.well-known/jwks.json") String jwksUri,
    @DefaultValue("mybella-gateway") String issuer,
    String audience) {}
