package io.mybella.operator.legacy;

/** The file cannot be read. Nothing was written, neither there nor anywhere else. */
public final class UnreadableFile extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Kind {
    /** It is not there, is no file, or may not be read. */
    MISSING,
    /** It is no SQLite file, or none of MyBella. */
    FOREIGN,
    /** It looks like random bytes, as an encrypted file does. */
    ENCRYPTED,
    /** SQLite finds it broken. */
    DAMAGED,
    /** A program is writing to it. */
    LOCKED,
    /** It is of a version of MyBella or SQLite that is not known here. */
    NEWER
  }

  private final Kind kind;

  UnreadableFile(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  UnreadableFile(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Why it cannot be read. */
  public Kind kind() {
    return kind;
  }
}
