package io.mybella.voice.recording;

import io.mybella.voice.audio.SpeechFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What makes two speeches the same. User and persona belong to it: one user must not learn from a
 * fast answer what another one has said to the same persona. Neither voice nor text can be read
 * from it.
 *
 * @param userId who has it spoken; {@link #NOBODY} for what anybody may ask for
 * @param personaId who speaks; {@link #NOBODY} for a voice without a persona
 * @param source where the voice comes from, as the contract names it
 * @param format of the audio
 * @param digest of all that makes it the same: 64 hexadecimal digits
 */
public record SpeechKey(
    long userId, long personaId, String source, SpeechFormat format, String digest) {

  /** In the place of a user or a persona; their ids are positive. */
  public static final long NOBODY = 0;

  /**
   * The key of a text.
   *
   * @param voice which voice, with the model or engine behind it and its settings
   */
  public static SpeechKey of(
      long userId, long personaId, String source, String voice, SpeechFormat format, String text) {
    String all = "%d %d %s %s %s\n%s".formatted(userId, personaId, source, format, voice, text);
    return new SpeechKey(userId, personaId, source, format, sha256(all));
  }

  private static String sha256(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
