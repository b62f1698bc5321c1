package io.mybella.gateway.identity.account;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The first administrator, made at the start when nobody has the e-mail address yet.
 *
 * @param email the account's e-mail address; empty makes none
 * @param password the account's first password
 * @param name the account's name
 */
@ConfigurationProperties("mybella.gateway.account.admin")
record AdminProperties(
    @DefaultValue("") String email,
    @DefaultValue("") String password,
    @DefaultValue("Administrator") String name) {

  /** Never tells the password, wherever it may be printed. */
  @Override
  public String toString() {
    return "AdminProperties[…]";
  }
}
