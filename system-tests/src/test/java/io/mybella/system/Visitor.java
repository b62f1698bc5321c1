package io.mybella.system;

/** A kind of caller: a column of {@code docs/access.md}. */
enum Visitor {
  ANONYMOUS("anonymous"),
  EXPIRED("expired session"),
  REVOKED("revoked key"),
  NO_TOKEN("no CSRF token"),
  OTHER("other user"),
  ADMIN("administrator"),
  OWNER("owner"),
  KEY("owner's API key");

  private final String heading;

  Visitor(String heading) {
    this.heading = heading;
  }

  /** The heading of the column. */
  String heading() {
    return heading;
  }

  /** Whether the owner's things must not appear in the answer, whatever its status is. */
  boolean isStranger() {
    return switch (this) {
      case ANONYMOUS, EXPIRED, REVOKED, OTHER, ADMIN -> true;
      case NO_TOKEN, OWNER, KEY -> false;
    };
  }
}
