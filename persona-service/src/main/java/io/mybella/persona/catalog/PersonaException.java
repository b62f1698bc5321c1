package io.mybella.persona.catalog;

import io.mybella.persona.refusal.RefusalException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Something cannot be done with a persona. */
public abstract sealed class PersonaException extends RefusalException {

  private PersonaException(String detail) {
    super(detail);
  }

  /** There is no such persona, or it is somebody else's; the two look the same. */
  public static final class NotFound extends PersonaException {

    /** For whoever asked. */
    public NotFound() {
      super("Persona not found");
    }
  }

  /** The user may see it, and change only what is the user's own. */
  public static final class NotOwned extends PersonaException {

    NotOwned(String detail) {
      super(detail);
    }
  }

  /** It is another version by now than the caller wants to change. */
  public static final class Changed extends PersonaException {

    Changed() {
      super("The persona was changed meanwhile");
    }
  }

  /**
   * The catalogue would not be as it has to be: with its default persona, and no more than room.
   */
  public static final class Conflict extends PersonaException {

    Conflict(String detail) {
      super(detail);
    }
  }

  /** What was written is no profile for this user. */
  public static final class InvalidProfile extends PersonaException {

    private final transient Map<ProfileField, String> complaints;

    /**
     * Says what is wrong.
     *
     * @param complaints of each field, at least one; the first one is the message
     */
    InvalidProfile(Map<ProfileField, String> complaints) {
      super(complaints.values().iterator().next());
      this.complaints = new LinkedHashMap<>(complaints);
    }

    /** What is wrong with each field. */
    public Map<ProfileField, String> complaints() {
      return new LinkedHashMap<>(complaints);
    }
  }
}
