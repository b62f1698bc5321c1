package io.mybella.persona.avatar;

import java.util.Locale;

/** An encoded picture of our own making: pixels and nothing else. */
final class Picture {

  /** How a picture is encoded. */
  enum Kind {
    PNG("image/png"),
    JPEG("image/jpeg");

    private final String mediaType;

    Kind(String mediaType) {
      this.mediaType = mediaType;
    }

    String mediaType() {
      return mediaType;
    }

    /** Both the ending of its file names and ImageIO's name for it. */
    String ending() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind that a file name of ours ends in. */
    static Kind of(String name) {
      return name.endsWith("." + JPEG.ending()) ? JPEG : PNG;
    }
  }

  private final Kind kind;
  private final byte[] bytes;

  Picture(Kind kind, byte[] bytes) {
    this.kind = kind;
    this.bytes = bytes;
  }

  Kind kind() {
    return kind;
  }

  byte[] bytes() {
    return bytes;
  }
}
