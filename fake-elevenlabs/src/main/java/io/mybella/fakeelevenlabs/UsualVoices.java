package io.mybella.fakeelevenlabs;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The voices that an account has before anybody adds one. Some of the older ones have got new names
 * at ElevenLabs, one of them ("arnold", VR6AewLTigWG4xSOukaG) is withdrawn here, so that one sees
 * what becomes of personas that had it.
 */
final class UsualVoices {

  private static final List<Entry> VOICES =
      List.of(
          voice("21m00Tcm4TlvDq8ikWAM", "Rachel", "Matter-of-fact", "american", "female", "young"),
          voice("pNInz6obpgDQGcFmaJgB", "Adam", "Firm", "american", "male", "middle_aged"),
          voice("EXAVITQu4vr4xnSDxMaL", "Sarah", "Reassuring", "american", "female", "young"),
          voice("ErXwobaYiN019PkySvjV", "Antoni", "Well-rounded", "american", "male", "young"),
          voice("MF3mGyEYCl7XYWbV9V6O", "Elli", "Emotional", "american", "female", "young"),
          voice("TxGEqnHWrfWFTfGW9XjX", "Josh", "Deep", "american", "male", "young"),
          voice("AZnzlk1XvdvUeBnXmlld", "Domi", "Strong", "american", "female", "young"),
          voice("yoZ06aMxZJJ28mfd3POQ", "Sam", "Raspy", "american", "male", "young"),
          voice("JBFqnCBsd6RMkjVDRZzb", "George", "Warm", "british", "male", "middle_aged"),
          voice("XB0fDUnXU5powFXDhCwa", "Charlotte", "Calm", "swedish", "female", "young"));

  private UsualVoices() {}

  static void giveTo(FakeElevenLabs fake) {
    VOICES.forEach(
        voice ->
            fake.hasVoice(
                Json.MAPPER.writeValueAsString(
                    voice.withPreview(fake.previewUrl(voice.voiceId())))));
  }

  private static Entry voice(
      String id, String name, String description, String accent, String gender, String age) {
    return new Entry(
        id,
        name,
        "premade",
        description,
        Map.of("accent", accent, "gender", gender, "age", age),
        null);
  }

  private record Entry(
      String voiceId,
      String name,
      String category,
      String description,
      Map<String, String> labels,
      @Nullable String previewUrl) {

    private Entry withPreview(String url) {
      return new Entry(voiceId, name, category, description, labels, url);
    }
  }
}
