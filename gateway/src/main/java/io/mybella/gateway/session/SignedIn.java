package io.mybella.gateway.session;

import io.mybella.chassis.security.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/**
 * What a session knows, kept as one line of text: reading it back can create nothing but this
 * record, unlike Java serialization, and one attribute is one row to read per request.
 *
 * @param caller whose session it is
 * @param passwordVersion of the password that the account had then
 * @param address where it was begun
 * @param userAgent the browser it was begun with, shortened
 */
record SignedIn(Caller caller, int passwordVersion, String address, String userAgent) {

  static final String ATTRIBUTE = "signed_in";

  private static final int USER_AGENT_LENGTH = 200;

  SignedIn {
    address = printable(address);
    userAgent = printable(userAgent);
    userAgent = userAgent.substring(0, Math.min(USER_AGENT_LENGTH, userAgent.length()));
  }

  /** Who is signed in with the session; null when nobody is. */
  static @Nullable SignedIn of(Session session) {
    return session.getAttribute(ATTRIBUTE) instanceof String line ? parse(line) : null;
  }

  /** Reads what {@link #line()} wrote; null when it is something else. */
  static @Nullable SignedIn parse(String line) {
    String[] parts = line.split("\t", 5);
    if (parts.length != 5) {
      return null;
    }
    var caller = new Caller(Long.parseLong(parts[0]), Caller.Role.valueOf(parts[1]));
    return new SignedIn(caller, Integer.parseInt(parts[2]), parts[3], parts[4]);
  }

  String line() {
    return "%d\t%s\t%d\t%s\t%s"
        .formatted(caller.userId(), caller.role(), passwordVersion, address, userAgent);
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
