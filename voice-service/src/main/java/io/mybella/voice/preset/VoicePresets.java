package io.mybella.voice.preset;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.account.AccountVoice;
import io.mybella.voice.elevenlabs.account.ElevenLabsAccount;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
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
 * the account, and built-in ones that the account does not have are unavailable; when ElevenLabs
 * does not answer, the built-in list stands in.
 */
@Service
public class VoicePresets {

  private static final Logger LOG = LoggerFactory.getLogger(VoicePresets.class);

  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration FRESH_AFTER_FAILURE = Duration.ofSeconds(30);

  private final ElevenLabsAccount elevenLabs;
  private final List<VoicePreset> builtIn;
  private final LoadingCache<String, Presets> cache;

  VoicePresets(ElevenLabsAccount elevenLabs, JsonMapper json) {
    this.elevenLabs = elevenLabs;
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
    return elevenLabs.isConfigured() ? cache.get("all").list() : builtIn;
  }

  /** One preset, when it is listed. */
  public Optional<VoicePreset> find(String id) {
    return all().stream().filter(preset -> preset.id().equals(id)).findFirst();
  }

  /** Whether the account is known to have lost a voice; asks nobody. */
  public boolean isKnownToBeGone(String id) {
    Presets presets = cache.getIfPresent("all");
    return presets != null
        && presets.fromAccount()
        && presets.list().stream()
            .anyMatch(preset -> preset.id().equals(id) && !preset.available());
  }

  private Presets load() {
    try {
      List<VoicePreset> presets = new ArrayList<>();
      Set<String> ids = new HashSet<>();
      for (AccountVoice voice : elevenLabs.voices()) {
        // A clone is somebody's own voice: it is for their persona, not for everybody to pick.
        if (!"cloned".equals(voice.category()) && ids.add(voice.voiceId())) {
          presets.add(new VoicePreset(voice.voiceId(), voice.name(), describe(voice), true));
        }
      }
      for (VoicePreset preset : builtIn) {
        if (ids.add(preset.id())) {
          presets.add(new VoicePreset(preset.id(), preset.name(), preset.description(), false));
        }
      }
      return new Presets(List.copyOf(presets), true);
    } catch (ElevenLabsException e) {
      LOG.warn("Built-in voice presets stand in for those of the account: {}", e.getMessage());
      return new Presets(builtIn, false);
    }
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
      return java.util.Arrays.stream(presets)
          .map(preset -> new VoicePreset(preset.id(), preset.name(), preset.description(), true))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record BuiltIn(String id, String name, String description) {}

  private record Presets(List<VoicePreset> list, boolean fromAccount) {}
}
