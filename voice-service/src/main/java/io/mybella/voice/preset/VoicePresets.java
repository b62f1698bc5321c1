package io.mybella.voice.preset;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.account.AccountVoice;
import io.mybella.voice.elevenlabs.account.ElevenLabsAccount;
import io.mybella.voice.elevenlabs.account.VoicePreviews;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/**
 * The preset voices. Without a key these are the built-in ones. With a key they are the voices of
 * the account, and built-in ones that the account does not have are unavailable, with another one
 * suggested in their place; when ElevenLabs does not answer, the built-in list stands in.
 */
@Service
public class VoicePresets {

  private static final Logger LOG = LoggerFactory.getLogger(VoicePresets.class);

  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration FRESH_AFTER_FAILURE = Duration.ofSeconds(30);

  private static final String ALL = "all";

  private final ElevenLabsAccount elevenLabs;
  private final VoicePreviews previews;
  private final List<VoicePreset> builtIn;
  private final Cache<String, Boolean> lost =
      Caffeine.newBuilder().maximumSize(1_000).expireAfterWrite(FRESH).build();
  private final LoadingCache<String, Presets> cache;

  VoicePresets(ElevenLabsAccount elevenLabs, VoicePreviews previews, JsonMapper json) {
    this.elevenLabs = elevenLabs;
    this.previews = previews;
    this.builtIn = read(json);
    this.cache =
        Caffeine.newBuilder()
            .maximumSize(1)
            .expireAfter(
                Expiry.<String, Presets>writing(
                    (key, presets) -> presets.fromAccount() ? FRESH : FRESH_AFTER_FAILURE))
            .build(key -> load());
  }

  /** All presets, those of the account first. */
  public List<VoicePreset> all() {
    return elevenLabs.isConfigured() ? withoutLost(cache.get(ALL).list()) : builtIn;
  }

  /** One preset, when it is listed. */
  public Optional<VoicePreset> find(String id) {
    return all().stream().filter(preset -> preset.id().equals(id)).findFirst();
  }

  /** Whether the account is known to have lost a voice; asks nobody. */
  public boolean isKnownToBeGone(String id) {
    if (lost.getIfPresent(id) != null) {
      return true;
    }
    Presets presets = cache.getIfPresent(ALL);
    return presets != null
        && presets.fromAccount()
        && presets.list().stream()
            .anyMatch(preset -> preset.id().equals(id) && !preset.available());
  }

  /** Says that ElevenLabs did not know a voice: for ten minutes it is not asked for it again. */
  public void lost(String id) {
    LOG.warn("The preset voice {} is gone", id);
    lost.put(id, true);
  }

  /**
   * A recording of a preset that costs nothing, an MP3 file; empty when there is none.
   *
   * @throws IOException when interrupted
   */
  public Optional<byte[]> recordingOf(VoicePreset preset) throws IOException {
    String recording = preset.recording();
    return recording == null ? Optional.empty() : previews.at(recording);
  }

  private List<VoicePreset> withoutLost(List<VoicePreset> listed) {
    Set<String> gone = lost.asMap().keySet();
    if (listed.stream().noneMatch(preset -> preset.available() && gone.contains(preset.id()))) {
      return listed;
    }
    return suggested(
        listed.stream().map(each -> gone.contains(each.id()) ? each.lost(null) : each).toList());
  }

  private Presets load() {
    try {
      List<VoicePreset> presets = new ArrayList<>();
      Set<String> ids = new HashSet<>();
      for (AccountVoice voice : elevenLabs.voices()) {
        // A clone is somebody's own voice: it is for their persona, not for everybody to pick.
        if (!"cloned".equals(voice.category()) && ids.add(voice.voiceId())) {
          presets.add(preset(voice));
        }
      }
      for (VoicePreset preset : builtIn) {
        if (ids.add(preset.id())) {
          presets.add(preset.lost(null));
        }
      }
      return new Presets(suggested(presets), true);
    } catch (ElevenLabsException e) {
      LOG.warn("Built-in voice presets stand in for those of the account: {}", e.getMessage());
      return new Presets(builtIn, false);
    }
  }

  private static VoicePreset preset(AccountVoice voice) {
    Map<String, String> labels = voice.labels();
    return new VoicePreset(
        voice.voiceId(),
        voice.name(),
        describe(voice),
        labels == null ? null : labels.get("gender"),
        true,
        voice.previewUrl(),
        null);
  }

  /**
   * The same with a suggestion for each that is gone: of the same name, or else the same gender.
   */
  private static List<VoicePreset> suggested(List<VoicePreset> presets) {
    List<VoicePreset> there = presets.stream().filter(VoicePreset::available).toList();
    return presets.stream()
        .map(preset -> preset.available() ? preset : preset.lost(inPlaceOf(preset, there)))
        .toList();
  }

  private static @Nullable String inPlaceOf(VoicePreset gone, List<VoicePreset> there) {
    return there.stream()
        .min(
            Comparator.comparing((VoicePreset each) -> !sameName(each, gone))
                .thenComparing(each -> !sameGender(each, gone)))
        .map(VoicePreset::id)
        .orElse(null);
  }

  /** ElevenLabs lists some as {@code Rachel - calm and clear}. */
  private static boolean sameName(VoicePreset one, VoicePreset other) {
    return firstWord(one).equalsIgnoreCase(firstWord(other));
  }

  private static String firstWord(VoicePreset preset) {
    return preset.name().strip().split("\\s", 2)[0];
  }

  private static boolean sameGender(VoicePreset one, VoicePreset other) {
    return one.gender() != null && one.gender().equalsIgnoreCase(other.gender());
  }

  private static @Nullable String describe(AccountVoice voice) {
    if (voice.description() != null && !voice.description().isBlank()) {
      return voice.description().strip();
    }
    Map<String, String> labels = voice.labels();
    return labels == null || labels.isEmpty()
        ? null
        : String.join(", ", new TreeMap<>(labels).values());
  }

  private static List<VoicePreset> read(JsonMapper json) {
    try (InputStream file = new ClassPathResource("voice-presets.json").getInputStream()) {
      BuiltIn[] presets = json.readValue(file, BuiltIn[].class);
      return java.util.Arrays.stream(presets).map(BuiltIn::preset).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record BuiltIn(String id, String name, String description, String gender) {

    private VoicePreset preset() {
      return new VoicePreset(id, name, description, gender, true, null, null);
    }
  }

  private record Presets(List<VoicePreset> list, boolean fromAccount) {}
}
