package io.mybella.contracts.event;

/**
 * The CloudEvents {@code type} of every event. The suffix is the major version: within it a schema
 * only grows, an incompatible change gets a new type.
 */
public final class EventTypes {

  /** A persona exists from now on; data: {@link PersonaSnapshot}. */
  public static final String PERSONA_CREATED = "io.mybella.persona.created.v1";

  /** A persona's profile changed; data: {@link PersonaSnapshot}, the whole state after it. */
  public static final String PERSONA_UPDATED = "io.mybella.persona.updated.v1";

  /** A persona was deleted and never comes back; data: {@link PersonaDeleted}. */
  public static final String PERSONA_DELETED = "io.mybella.persona.deleted.v1";

  /** A user's active persona changed; data: {@link PersonaSwitched}. */
  public static final String PERSONA_SWITCHED = "io.mybella.persona.switched.v1";

  /** One service erased what it held of a persona; data: {@link PersonaErased}. */
  public static final String PERSONA_ERASED = "io.mybella.persona.erased.v1";

  /** An account was deleted; data: {@link AccountDeleted}. */
  public static final String ACCOUNT_DELETED = "io.mybella.account.deleted.v1";

  /** One service erased what it held of an account; data: {@link AccountErased}. */
  public static final String ACCOUNT_ERASED = "io.mybella.account.erased.v1";

  /** A persona got or lost its custom voice; data: {@link CustomVoiceChanged}. */
  public static final String CUSTOM_VOICE_CHANGED = "io.mybella.voice.custom-voice-changed.v1";

  /** A speech job waits for a worker; data: {@link SynthesisRequested}. */
  public static final String SYNTHESIS_REQUESTED = "io.mybella.voice.synthesis-requested.v1";

  /** The audio of a speech job is stored; data: {@link SynthesisCompleted}. */
  public static final String SYNTHESIS_COMPLETED = "io.mybella.voice.synthesis-completed.v1";

  /** A speech job was given up; data: {@link SynthesisFailed}. */
  public static final String SYNTHESIS_FAILED = "io.mybella.voice.synthesis-failed.v1";

  private EventTypes() {}
}
