package io.mybella.voice.sample.web;

import io.mybella.voice.sample.CustomVoice;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The uploaded voice of a persona, as the contract has it.
 *
 * @param voiceUrl where the sample is kept
 * @param status how far it is from speaking
 * @param mediaType of the sample
 * @param durationMs how long the sample is, in milliseconds
 * @param consent whether it may be cloned
 * @param problem why the last attempt to clone it failed
 * @param createdAt when it was uploaded
 */
public record UploadedVoice(
    String voiceUrl,
    String status,
    String mediaType,
    int durationMs,
    boolean consent,
    @Nullable String problem,
    Instant createdAt) {

  /** Shows a voice. */
  public static UploadedVoice of(CustomVoice voice) {
    return new UploadedVoice(
        voice.blobKey(),
        voice.status().name().toLowerCase(Locale.ROOT),
        voice.mediaType(),
        voice.durationMs(),
        voice.consent(),
        voice.cloneProblem(),
        voice.createdAt());
  }
}
