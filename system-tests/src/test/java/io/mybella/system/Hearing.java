package io.mybella.system;

import com.microsoft.playwright.Page;
import java.util.Base64;
import java.util.Map;

/**
 * What there is to hear in an audio file, by the browser's own decoder.
 *
 * @param seconds how long it lasts
 * @param loudness root mean square of its samples; 0 is silence, 1 the loudest there can be
 */
record Hearing(double seconds, double loudness) {

  static Hearing of(Page page, byte[] audio) {
    Map<?, ?> heard =
        (Map<?, ?>)
            page.evaluate(
                """
                async encoded => {
                  const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0));
                  const audio = await new OfflineAudioContext(1, 44100, 44100).decodeAudioData(bytes.buffer);
                  const samples = audio.getChannelData(0);
                  const energy = samples.reduce((sum, each) => sum + each * each, 0);
                  return {seconds: audio.duration, loudness: Math.sqrt(energy / samples.length)};
                }
                """,
                Base64.getEncoder().encodeToString(audio));
    return new Hearing(
        ((Number) heard.get("seconds")).doubleValue(),
        ((Number) heard.get("loudness")).doubleValue());
  }
}
