package io.mybella.voice.speech.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.persona.KnownPersonas;
import io.mybella.voice.preset.VoicePreset;
import io.mybella.voice.preset.VoicePresets;
import io.mybella.voice.sample.web.UploadedVoice;
import io.mybella.voice.speech.PersonaSpeech;
import io.mybella.voice.speech.Speech;
import io.mybella.voice.speech.VoiceChoice;
import io.mybella.voice.speech.VoiceSource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/personas/{id}/voice}: which one, and speech; and the preview of a preset. */
@RestController
@Profile("!worker")
class SpeechController {

  private static final Logger LOG = LoggerFactory.getLogger(SpeechController.class);

  private static final int LISTENER_LEFT = 499;

  private final KnownPersonas personas;
  private final PersonaSpeech speech;
  private final VoicePresets presets;

  SpeechController(KnownPersonas personas, PersonaSpeech speech, VoicePresets presets) {
    this.personas = personas;
    this.speech = speech;
    this.presets = presets;
  }

  @GetMapping("/api/personas/{id}/voice")
  ChosenVoice voice(Caller caller, @PathVariable long id) {
    VoiceChoice choice = speech.choose(personas.visibleTo(caller, id));
    return new ChosenVoice(
        choice.best().source().wireName(),
        choice.best().voiceId(),
        choice.passedOver().isEmpty() ? null : String.join(", ", choice.passedOver()),
        choice.customVoice() == null ? null : UploadedVoice.of(choice.customVoice()));
  }

  @PostMapping("/api/personas/{id}/voice/speech")
  void speak(
      Caller caller,
      @PathVariable long id,
      @Valid @RequestBody SpeechRequest request,
      HttpServletRequest connection,
      HttpServletResponse response)
      throws IOException {
    KnownPersona persona = personas.visibleTo(caller, id);
    HttpListener listener = new HttpListener(caller, connection);
    try (Speech spoken = speech.speak(persona, listener, request.words(), request.wanted())) {
      response.setHeader("X-Voice-Cache", spoken.cached() ? "hit" : "miss");
      response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      response.setHeader(
          HttpHeaders.CONTENT_LOCATION,
          "/api/personas/%d/voice/speech/%s".formatted(id, spoken.audio().id()));
      new SpeechAnswer(spoken, connection, response).send();
    }
  }

  /** What was spoken a while ago, as a player fetches it: as a whole or in parts. */
  @GetMapping("/api/personas/{id}/voice/speech/{speechId}")
  void again(
      Caller caller,
      @PathVariable long id,
      @PathVariable UUID speechId,
      HttpServletRequest connection,
      HttpServletResponse response)
      throws IOException {
    KnownPersona persona = personas.visibleTo(caller, id);
    try (Speech spoken = speech.again(persona, new HttpListener(caller, connection), speechId)) {
      response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
      new SpeechAnswer(spoken, connection, response).send();
    }
  }

  @GetMapping("/api/personas/voice-presets/{voiceId}/preview")
  void preview(
      Caller caller,
      @PathVariable String voiceId,
      HttpServletRequest connection,
      HttpServletResponse response)
      throws IOException {
    VoicePreset preset =
        presets.find(voiceId).orElseThrow(() -> Problem.notFound("Voice not found"));
    Optional<byte[]> recording = presets.recordingOf(preset);
    if (recording.isPresent()) {
      sendRecording(recording.get(), response);
      return;
    }
    try (Speech spoken = speech.introduce(preset, new HttpListener(caller, connection))) {
      response.setHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=300");
      new SpeechAnswer(spoken, connection, response).send();
    }
  }

  private static void sendRecording(byte[] recording, HttpServletResponse response)
      throws IOException {
    response.setContentType(SpeechFormat.MP3.mediaType());
    response.setContentLength(recording.length);
    response.setHeader("X-Voice-Source", VoiceSource.PRESET.wireName());
    response.setHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=300");
    response.getOutputStream().write(recording);
  }

  /**
   * Leaves a speech that broke off to the server, which closes the connection without the last
   * chunk. Any answer written here would be taken for audio.
   */
  @ExceptionHandler
  void cutOff(BrokenSpeechException broken) throws BrokenSpeechException {
    throw broken;
  }

  /** Nobody is there to be answered; the status is for the log and the metrics, as nginx has it. */
  @ExceptionHandler
  void left(ListenerGoneException gone, HttpServletResponse response) {
    LOG.debug("The listener left before the first sound", gone);
    response.setStatus(LISTENER_LEFT);
  }

  /**
   * Which voice will speak, and why.
   *
   * @param source {@code custom}, {@code preset} or {@code default}
   * @param voiceId its id at ElevenLabs
   * @param reason why a better voice will not speak
   * @param customVoice the uploaded voice, speaking or not
   */
  record ChosenVoice(
      String source,
      @Nullable String voiceId,
      @Nullable String reason,
      @Nullable UploadedVoice customVoice) {}
}
