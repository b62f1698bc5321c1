package io.mybella.voice.speech;

import io.mybella.chassis.http.CallerSlots;
import io.mybella.chassis.problem.Problem;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.clone.Clones;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.ElevenLabsFailure.Kind;
import io.mybella.voice.elevenlabs.gate.Deadline;
import io.mybella.voice.elevenlabs.speech.ElevenLabsSpeech;
import io.mybella.voice.engine.SystemVoice;
import io.mybella.voice.engine.UnspeakableTextException;
import io.mybella.voice.engine.VoiceBusyException;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.preset.VoicePreset;
import io.mybella.voice.preset.VoicePresets;
import io.mybella.voice.recording.FirstSound;
import io.mybella.voice.recording.Listening;
import io.mybella.voice.recording.Recordings;
import io.mybella.voice.recording.SpeechKey;
import io.mybella.voice.sample.CustomVoice;
import io.mybella.voice.sample.CustomVoices;
import io.mybella.voice.speech.VoiceChoice.Candidate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Has personas speak, with the best voice that works. */
@Service
public class PersonaSpeech {

  private static final Logger LOG = LoggerFactory.getLogger(PersonaSpeech.class);

  private static final Duration LATER = Duration.ofSeconds(5);

  /** After so long without a sound it is time to think of the default voice. */
  private static final Duration UNEASY = Duration.ofMillis(500);

  /** What is waited for has limits of its own. */
  private static final Duration ALWAYS = Duration.ofHours(1);

  private static final String NO_KEY = "no_api_key";

  private static final String NO_SLOT = "no_free_slot";

  private final CustomVoices customVoices;
  private final Clones clones;
  private final VoicePresets presets;
  private final ElevenLabsSpeech elevenLabs;
  private final SystemVoice systemVoice;
  private final Recordings recordings;
  private final SpeechPlaces places;
  private final SpeechMetrics metrics;

  PersonaSpeech(
      CustomVoices customVoices,
      Clones clones,
      VoicePresets presets,
      ElevenLabsSpeech elevenLabs,
      SystemVoice systemVoice,
      Recordings recordings,
      SpeechPlaces places,
      SpeechMetrics metrics) {
    this.customVoices = customVoices;
    this.clones = clones;
    this.presets = presets;
    this.elevenLabs = elevenLabs;
    this.systemVoice = systemVoice;
    this.recordings = recordings;
    this.places = places;
    this.metrics = metrics;
  }

  /** Which voices will be tried for a persona, and why better ones will not. */
  public VoiceChoice choose(KnownPersona persona) {
    List<Candidate> candidates = new ArrayList<>();
    Set<String> passedOver = new LinkedHashSet<>();
    Optional<CustomVoice> custom = customVoices.of(persona);
    custom.ifPresent(
        voice -> {
          if (!elevenLabs.isConfigured()) {
            passedOver.add(NO_KEY);
          } else if (voice.cloneVoiceId() != null) {
            candidates.add(new Candidate(VoiceSource.CUSTOM, voice.cloneVoiceId()));
          } else if (!voice.consent()) {
            passedOver.add("no_consent");
          } else {
            passedOver.add(voice.cloneProblem() == null ? "cloning" : voice.cloneProblem());
          }
        });
    String preset = persona.voiceId();
    if (preset != null && !preset.isBlank()) {
      if (!elevenLabs.isConfigured()) {
        passedOver.add(NO_KEY);
      } else if (presets.isKnownToBeGone(preset) || clones.isClone(preset)) {
        // A clone of one persona is not a preset for others, even if somebody learned its id.
        passedOver.add("voice_not_found");
      } else {
        candidates.add(new Candidate(VoiceSource.PRESET, preset));
      }
    }
    candidates.add(Candidate.SYSTEM);
    return new VoiceChoice(candidates, List.copyOf(passedOver), custom.orElse(null));
  }

  /**
   * Says a text with the voice of a persona.
   *
   * @param listener who waits for it
   * @param text 1 to 5,000 characters
   * @param format of the audio
   * @return a speech whose first sound is there; to be closed
   * @throws ListenerGoneException when the listener left meanwhile
   * @throws Problem 422 when no voice can say the text, 429 when too much is being said for this
   *     account, 503 when none can speak now
   */
  public Speech speak(KnownPersona persona, Listener listener, String text, SpeechFormat format)
      throws ListenerGoneException {
    VoiceChoice choice = choose(persona);
    if (choice.customVoice() != null && elevenLabs.isConfigured()) {
      clones.wanted(choice.customVoice());
    }
    return speak(choice, listener, listener.account(), persona.id(), text, format);
  }

  /**
   * Says a text with the default voice, whatever voice the persona has.
   *
   * @throws ListenerGoneException when the listener left meanwhile
   * @throws Problem as {@link #speak}
   */
  public Speech speakByDefault(
      KnownPersona persona, Listener listener, String text, SpeechFormat format)
      throws ListenerGoneException {
    VoiceChoice choice = new VoiceChoice(List.of(Candidate.SYSTEM), List.of(), null);
    return speak(choice, listener, listener.account(), persona.id(), text, format);
  }

  /**
   * Introduces a preset voice. Without ElevenLabs the default voice does it in its place, which the
   * result says.
   *
   * @throws ListenerGoneException when the listener left meanwhile
   * @throws Problem 429 when too much is being said for this account, 503 when no voice can speak
   *     now
   */
  public Speech introduce(VoicePreset preset, Listener listener) throws ListenerGoneException {
    Candidate voice = new Candidate(VoiceSource.PRESET, preset.id());
    VoiceChoice choice =
        !elevenLabs.isConfigured()
            ? new VoiceChoice(List.of(Candidate.SYSTEM), List.of(NO_KEY), null)
            : preset.available()
                ? new VoiceChoice(List.of(voice, Candidate.SYSTEM), List.of(), null)
                : new VoiceChoice(List.of(Candidate.SYSTEM), List.of("voice_not_found"), null);
    String text = "Hello, I am %s. It is good to hear from you.".formatted(preset.name());
    return speak(choice, listener, SpeechKey.NOBODY, SpeechKey.NOBODY, text, SpeechFormat.MP3);
  }

  /**
   * A speech that a persona has made for a listener's account, again.
   *
   * @param id what it is known by
   * @throws ListenerGoneException when the listener left meanwhile
   * @throws Problem 404 when it is not kept, 429 and 503 as {@link #speak}
   */
  public Speech again(KnownPersona persona, Listener listener, UUID id)
      throws ListenerGoneException {
    CallerSlots.Slot place = places.take(listener.account());
    Listening part = null;
    boolean heard = false;
    try {
      part = recordings.find(id, listener.account(), persona.id(), listener).orElse(null);
      heard = part != null && part.begins(ALWAYS) && part.id().equals(id);
    } catch (ListenerGoneException e) {
      throw e;
    } catch (IOException e) {
      LOG.info("A speech cannot be heard again: {}", e.getMessage());
    } finally {
      if (!heard) {
        close(part, place);
      }
    }
    if (part == null || !heard) {
      throw Problem.notFound("Speech not found");
    }
    return new Speech(part, null, true, place);
  }

  private Speech speak(
      VoiceChoice choice,
      Listener listener,
      long userId,
      long personaId,
      String text,
      SpeechFormat format)
      throws ListenerGoneException {
    Set<String> passedOver = new LinkedHashSet<>(choice.passedOver());
    Deadline deadline = elevenLabs.deadline();
    Attempt crowded = null;
    for (Candidate voice : choice.candidates()) {
      SpeechKey key =
          SpeechKey.of(userId, personaId, voice.source().wireName(), name(voice), format, text);
      Attempt attempt = new Attempt(voice, key, text, fallback(passedOver));
      Optional<Listening> known = recordings.whole(key, listener);
      if (known.isPresent()) {
        return told(new Speech(known.get(), attempt.fallback(), true, () -> {}));
      }
      try {
        Speech begun =
            crowded != null && voice.source() == VoiceSource.DEFAULT
                ? begunByEither(crowded, attempt, listener)
                : begun(attempt, listener, deadline);
        spoke(choice, begun);
        return told(begun);
      } catch (ElevenLabsException e) {
        if (crowded == null && e.failure().reason().equals(NO_SLOT) && !listener.isPatient()) {
          crowded = attempt;
        }
        passedOver.add(e.failure().reason());
        if (e.failure().kind() == Kind.VOICE_NOT_FOUND) {
          lost(choice, voice);
        }
        metrics.passedOver(e.failure().reason());
      } catch (UnspeakableTextException e) {
        throw Problem.unprocessable("There is nothing in this text that the voice can say");
      } catch (VoiceBusyException e) {
        throw Problem.unavailable("Too much is being spoken right now", LATER);
      } catch (ListenerGoneException e) {
        metrics.abandoned();
        throw e;
      } catch (IOException e) {
        if (voice.source() == VoiceSource.DEFAULT) {
          LOG.error("The default voice failed", e);
          break;
        }
        passedOver.add(SpeechMetrics.FAULT);
        metrics.passedOver(SpeechMetrics.FAULT);
        LOG.warn("The voice of tier {} failed", voice.source(), e);
      }
    }
    throw Problem.unavailable("No voice can speak right now", LATER);
  }

  private void spoke(VoiceChoice choice, Speech begun) {
    if (begun.source().equals(VoiceSource.CUSTOM.wireName()) && choice.customVoice() != null) {
      clones.spoke(choice.customVoice());
    }
  }

  /** Nobody is to wait for a voice again that is not there. */
  private void lost(VoiceChoice choice, Candidate voice) {
    if (voice.source() == VoiceSource.CUSTOM && choice.customVoice() != null) {
      clones.lost(choice.customVoice());
    } else if (voice.source() == VoiceSource.PRESET && voice.voiceId() != null) {
      presets.lost(voice.voiceId());
    }
  }

  /** Waits for the first sound of one voice. */
  private Speech begun(Attempt attempt, Listener listener, Deadline deadline) throws IOException {
    CallerSlots.Slot place = places.take(listener.account());
    Listening part = null;
    boolean begun = false;
    try {
      part = listen(attempt, listener, listener.isPatient() ? null : deadline);
      if (!part.begins(UNEASY)) {
        if (attempt.voice().voiceId() != null) {
          systemVoice.warmSoon();
        }
        part.begins(ALWAYS);
      }
      begun = true;
      return new Speech(part, attempt.fallback(), part.isKnown(), place);
    } finally {
      if (!begun) {
        close(part, place);
      }
    }
  }

  /**
   * Waits for the first sound of the default voice or of one that had no free slot, whichever comes
   * first: when everybody wants to speak, the default voice may be the scarcer of the two.
   */
  private Speech begunByEither(Attempt crowded, Attempt byDefault, Listener listener)
      throws IOException {
    CallerSlots.Slot place = places.take(listener.account());
    Listening first = null;
    try {
      first =
          FirstSound.of(listen(crowded, listener, null), () -> listen(byDefault, listener, null));
      String fallback =
          first.key().equals(crowded.key()) ? crowded.fallback() : byDefault.fallback();
      return new Speech(first, fallback, first.isKnown(), place);
    } finally {
      if (first == null) {
        place.close();
      }
    }
  }

  /** Takes part in what a voice says; without a deadline as one who waits longer for a slot. */
  private Listening listen(Attempt attempt, Listener listener, @Nullable Deadline deadline) {
    SpeechFormat format = attempt.key().format();
    String voiceId = attempt.voice().voiceId();
    return recordings.listen(
        attempt.key(),
        listener,
        audience -> {
          if (voiceId == null) {
            return systemVoice.speak(attempt.text(), format, audience);
          }
          return deadline == null
              ? elevenLabs.speakPatiently(voiceId, attempt.text(), format, audience)
              : elevenLabs.speak(voiceId, attempt.text(), format, audience, deadline);
        });
  }

  private static void close(@Nullable Listening part, CallerSlots.Slot place) {
    try {
      if (part != null) {
        part.close();
      }
    } finally {
      place.close();
    }
  }

  /** Which voice it is, with what speaks for it. */
  private String name(Candidate voice) {
    return voice.voiceId() == null
        ? systemVoice.name()
        : elevenLabs.model() + " " + voice.voiceId();
  }

  private Speech told(Speech spoken) {
    metrics.spoken(spoken.source(), spoken.cached());
    return spoken;
  }

  private static @Nullable String fallback(Set<String> passedOver) {
    return passedOver.isEmpty() ? null : String.join(", ", passedOver);
  }

  /**
   * A voice that is tried.
   *
   * @param key what it says, as recordings know it
   * @param fallback why better voices do not speak
   */
  private record Attempt(Candidate voice, SpeechKey key, String text, @Nullable String fallback) {}
}
