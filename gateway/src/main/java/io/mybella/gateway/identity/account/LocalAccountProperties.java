package io.mybella.gateway.identity.account;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Accounts that sign in here, with an e-mail address and a password.
 *
 * @param enabled false leaves signing in to the OpenID Connect provider alone
 */
@ConfigurationProperties("mybella.gateway.account.local")
public record LocalAccountProperties(@DefaultValue("true") boolean enabled) {}
