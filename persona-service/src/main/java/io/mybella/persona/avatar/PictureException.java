package io.mybella.persona.avatar;

import io.mybella.persona.refusal.RefusalException;
import java.time.Duration;

/** An upload was not taken as a picture. */
public abstract sealed class PictureException extends RefusalException {

  private PictureException(String detail) {
    super(detail);
  }

  /** It is no picture of a kind that is taken, is damaged, or claims more than is allowed. */
  public static final class Refused extends PictureException {

    Refused(String detail) {
      super(detail);
    }
  }

  /** It has too many bytes. */
  public static final class TooLarge extends PictureException {

    TooLarge(String detail) {
      super(detail);
    }
  }

  /** It may be one, and cannot be drawn or kept now. */
  public static final class NotNow extends PictureException {

    private final transient Duration again;

    NotNow(String detail, Duration again) {
      super(detail);
      this.again = again;
    }

    /** After which time it may be sent again. */
    public Duration again() {
      return again;
    }
  }
}
