package io.mybella.contracts.event;

/**
 * The Kafka topics of the platform. Records of one key keep the order in which their changes were
 * committed.
 */
public final class Topics {

  /** Creation, change and deletion of personas; key: persona id. */
  public static final String PERSONA_LIFECYCLE = "mybella.persona.lifecycle";

  /** A user's active persona changed; key: user id. */
  public static final String PERSONA_SWITCHED = "mybella.persona.switched";

  /**
   * Receipts of services that erased what they held. Key: persona id for {@link
   * EventTypes#PERSONA_ERASED}, user id for {@link EventTypes#ACCOUNT_ERASED}.
   */
  public static final String PERSONA_ERASURE = "mybella.persona.erasure";

  /** Accounts that were deleted; key: user id. */
  public static final String ACCOUNT_LIFECYCLE = "mybella.account.lifecycle";

  /** A persona got or lost its custom voice; key: persona id. */
  public static final String VOICE_CHANGED = "mybella.voice.changed";

  /** Speech jobs for long texts; key: persona id. */
  public static final String VOICE_SYNTHESIS = "mybella.voice.synthesis";

  private Topics() {}
}
