package io.mybella.voice.speech.web;

import io.mybella.chassis.text.StorableText;
import io.mybella.contracts.TextLimits;
import io.mybella.voice.audio.SpeechFormat;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What to say.
 *
 * @param text 1 to 5,000 characters
 * @param format {@code mp3}, which is the default, or {@code wav}
 */
record SpeechRequest(
    @NotBlank(message = "text is required")
        @Size(
            max = TextLimits.SPEECH,
            message = "text has at most " + TextLimits.SPEECH + " characters")
        @Nullable String text,
    @Pattern(regexp = "mp3|wav", message = "format is mp3 or wav") @Nullable String format) {

  String words() {
    return text == null ? "" : text;
  }

  SpeechFormat wanted() {
    return format == null
        ? SpeechFormat.MP3
        : SpeechFormat.valueOf(format.toUpperCase(Locale.ROOT));
  }

  /** NUL and half a surrogate pair are no text, whatever JSON allows. */
  @AssertTrue(message = "text holds characters that are no text")
  boolean isText() {
    return text == null || StorableText.isStorable(text);
  }
}
