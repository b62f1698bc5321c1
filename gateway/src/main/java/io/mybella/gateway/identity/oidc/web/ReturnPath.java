package io.mybella.gateway.identity.oidc.web;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page to show after a sign-in: one of this gateway, whatever the address asks for. */
final class ReturnPath {

  static final String DEFAULT = "/users/personas";

  private static final int LENGTH = 500;

  /** What query and fragment are made of (RFC 3986, 3.4): a percent sign begins two digits. */
  private static final String REST = "(?:[A-Za-z0-9._~=&?/-]|%[0-9A-Fa-f]{2})*";

  /**
   * A path from the root, perhaps with query and fragment. No backslash, control character or empty
   * segment, which browsers and proxies read in ways of their own.
   */
  private static final Pattern LOCAL =
      Pattern.compile(
          "/(?:[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*/?)?(?:\\?" + REST + ")?(?:#" + REST + ")?");

  private ReturnPath() {}

  static String of(@Nullable String asked) {
    return asked != null && asked.length() <= LENGTH && LOCAL.matcher(asked).matches()
        ? asked
        : DEFAULT;
  }
}
