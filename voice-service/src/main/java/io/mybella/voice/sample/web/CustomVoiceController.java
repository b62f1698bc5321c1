package io.mybella.voice.sample.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.sample.CustomVoice;
import io.mybella.voice.sample.CustomVoices;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** {@code /api/personas/{id}/voice}: uploading, consent and removing. */
@RestController
@Profile("!worker")
@RequestMapping("/api/personas/{id}/voice")
class CustomVoiceController {

  private static final String NO_FILE = "No voice file provided";

  /** A sample is held in memory while it is judged, so only a few are at the same time. */
  private static final int UPLOADS_AT_ONCE = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KnownPersonas personas;
  private final CustomVoices voices;
  private final Semaphore uploads = new Semaphore(UPLOADS_AT_ONCE, true);

  CustomVoiceController(KnownPersonas personas, CustomVoices voices) {
    this.personas = personas;
    this.voices = voices;
  }

  @PostMapping("/upload")
  Uploaded upload(
      Caller caller,
      @PathVariable long id,
      @RequestParam(name = "voice_file", required = false) @Nullable MultipartFile file,
      @RequestParam(defaultValue = "false") boolean consent)
      throws IOException, InterruptedException {
    KnownPersona persona = personas.ownedBy(caller, id);
    if (file == null || file.isEmpty()) {
      throw Problem.badRequest(NO_FILE).withError("voice_file", NO_FILE);
    }
    if (!uploads.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw Problem.unavailable("Too many voice files are being uploaded right now", PATIENCE);
    }
    CustomVoice voice;
    try {
      voice = voices.replace(persona, file.getBytes(), consent);
    } finally {
      uploads.release();
    }
    return new Uploaded(
        "Custom voice uploaded successfully!",
        voice.blobKey(),
        voice.status().name().toLowerCase(Locale.ROOT));
  }

  @PostMapping("/consent")
  UploadedVoice allowCloning(Caller caller, @PathVariable long id) {
    return UploadedVoice.of(voices.allowCloning(personas.ownedBy(caller, id)));
  }

  @DeleteMapping("/consent")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forbidCloning(Caller caller, @PathVariable long id) {
    voices.forbidCloning(personas.ownedBy(caller, id));
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Caller caller, @PathVariable long id) {
    voices.remove(personas.ownedBy(caller, id));
  }

  record Uploaded(String message, String voiceUrl, String status) {}
}
