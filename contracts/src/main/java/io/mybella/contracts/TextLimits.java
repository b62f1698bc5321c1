package io.mybella.contracts;

/**
 * How long the texts of a conversation may be, in characters (code points) unless said otherwise.
 * The services enforce these numbers, the OpenAPI document states them, and a test compares the
 * two. They are in order: what a persona is told and what it replies fit into a message of its
 * memory, and what may be spoken is a part of a reply.
 */
public final class TextLimits {

  /** A message that is remembered. */
  public static final int MESSAGE = 32_000;

  /**
   * What is said to a persona at once. Less than a message may have: applications remember
   * documents, people in a chat do not say them, and every character of it is paid for at a model.
   */
  public static final int SAID = 8_000;

  /** A reply of a persona; one that goes on is ended there. In units of UTF-16. */
  public static final int REPLY = 8_000;

  /** A text that is spoken. A reply may be longer: its beginning is offered to be heard. */
  public static final int SPEECH = 5_000;

  /** A text that is spoken in the background: about an hour of speech. */
  public static final int SPEECH_JOB = 50_000;

  /** What is looked for in a memory: what was said last. */
  public static final int QUERY = SAID;

  /** Words that are searched for. PostgreSQL refuses a single one of more than 2,046 bytes. */
  public static final int SEARCH = 500;

  /** The client's own id of a message. */
  public static final int CLIENT_MESSAGE_ID = 100;

  /** The JSON of a message's metadata, in units of UTF-16 and with its numbers written out. */
  public static final int METADATA = 8_000;

  /** Objects and arrays within each other in a message's metadata, itself included. */
  public static final int METADATA_DEPTH = 32;

  /** The category of a preference. */
  public static final int PREFERENCE_CATEGORY = 60;

  /** The key of a preference, within its category. */
  public static final int PREFERENCE_KEY = 120;

  /** The value of a preference. */
  public static final int PREFERENCE_VALUE = 2_000;

  private TextLimits() {}
}
