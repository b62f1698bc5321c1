package io.mybella.voice.preset.web;

import io.mybella.voice.preset.VoicePreset;
import io.mybella.voice.preset.VoicePresets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** {@code /api/personas/voice-presets}. */
@RestController
@Profile("!worker")
class VoicePresetController {

  private final VoicePresets presets;

  VoicePresetController(VoicePresets presets) {
    this.presets = presets;
  }

  @GetMapping("/api/personas/voice-presets")
  List<Listed> list() {
    return presets.all().stream().map(Listed::of).toList();
  }

  record Listed(
      String id,
      String name,
      @Nullable String description,
      String previewUrl,
      boolean available,
      @Nullable String suggestion) {

    private static Listed of(VoicePreset preset) {
      String preview =
          UriComponentsBuilder.fromPath("/api/personas/voice-presets/{id}/preview")
              .build(preset.id())
              .toString();
      return new Listed(
          preset.id(),
          preset.name(),
          preset.description(),
          preview,
          preset.available(),
          preset.suggestion());
    }
  }
}
