package io.mybella.voice.job.web;

import io.mybella.chassis.text.StorableText;
import io.mybella.contracts.TextLimits;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

/**
 * What to say.
 *
 * @param text 1 to 50,000 characters
 */
record JobRequest(@NotBlank(message = "text is required") @Nullable String text) {

  String words() {
    return text == null ? "" : text;
  }

  @AssertTrue(message = "text has at most " + TextLimits.SPEECH_JOB + " characters")
  boolean isShortEnough() {
    return text == null || text.codePointCount(0, text.length()) <= TextLimits.SPEECH_JOB;
  }

  /** NUL and half a surrogate pair are no text, whatever JSON allows. */
  @AssertTrue(message = "text holds characters that are no text")
  boolean isText() {
    return text == null || StorableText.isStorable(text);
  }
}
