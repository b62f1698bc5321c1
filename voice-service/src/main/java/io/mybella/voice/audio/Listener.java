package io.mybella.voice.audio;

/** Who waits for a speech. */
public interface Listener {

  /** The account that has the text spoken: accounts take turns where speech is scarce. */
  long account();

  /**
   * Whether nobody reads the answer any more, so that making it is of no use. Asked several times a
   * second, by the thread that waits for the speech; does not block.
   */
  boolean isGone();

  /** Told when a voice that had to be waited for begins to work. */
  default void turnHasCome() {}

  /** Whether the right voice late is better than another one soon. */
  default boolean isPatient() {
    return false;
  }
}
