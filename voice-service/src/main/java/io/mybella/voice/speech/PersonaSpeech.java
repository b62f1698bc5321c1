package io.mybella.voice.speech;

import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.http.CallerSlots;
import io.mybella.chassis.problem.Problem;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.clone.Clones;
import io.mybella.voice.elevenlabs.ElevenLabsException;
import io.mybella.voice.elevenlabs.speech.ElevenLabsSpeech;
import io.mybella.voice.engine.SystemVoice;
import io.mybella.voice.engine.UnspeakableTextException;
import io.mybella.voice.engine.VoiceBusyException;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.preset.VoicePreset;
import io.mybella.voice.preset.VoicePresets;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Has personas speak, with the best voice that works. */
@Service
public class PersonaSpeech {

  private static final Logger LOG = LoggerFactory.getLogger(PersonaSpeech.class);

  private static final Duration LATER = Duration.ofSeconds(5);

  /** Owner of what belongs to nobody: ids of users and personas are positive. */
  private static final long NOBODY = 0;

  private static final String NO_KEY = "no_api_key";

  private final CustomVoices customVoices;
  private final Clones clones;
  private final VoicePresets presets;
  private final ElevenLabsSpeech elevenLabs;
  private final SystemVoice systemVoice;
  private final SpeechCache cache;
  private final SpeechPlaces places;
  private final MeterRegistry metrics;

  PersonaSpeech(
      CustomVoices customVoices,
      Clones clones,
      VoicePresets presets,
      ElevenLabsSpeech elevenLabs,
      SystemVoice systemVoice,
      SpeechCache cache,
      SpeechPlaces places,
      MeterRegistry metrics) {
    this.customVoices = customVoices;
    this.clones = clones;
    this.presets = presets;
    this.elevenLabs = elevenLabs;
    this.systemVoice = systemVoice;
    this.cache = cache;
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
    return speak(choose(persona), listener, listener.account(), persona.id(), text, format);
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
    return speak(choice, listener, NOBODY, NOBODY, text, SpeechFormat.MP3);
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
    for (Candidate voice : choice.candidates()) {
      SpeechCache.Key key =
          SpeechCache.Key.of(userId, personaId, voice, elevenLabs.model(), format, text);
      byte[] known = cache.find(key);
      if (known != null) {
        return told(voice, passedOver, true, format, new WholeSource(known));
      }
      AudioSource source = null;
      CallerSlots.Slot place = places.take(listener.account());
      try {
        source = open(voice, text, format, listener);
        byte[] first = source.next();
        if (first == null) {
          throw new IOException("a voice said nothing");
        }
        AudioSource audio = new KeptSource(first, source, cache.collect(key), place);
        // Whoever reads the speech closes them.
        source = null;
        place = null;
        return told(voice, passedOver, false, format, audio);
      } catch (ElevenLabsException e) {
        passedOver.add(e.failure().reason());
        metrics.counter("mybella.voice.fallbacks", "reason", e.failure().reason()).increment();
      } catch (UnspeakableTextException e) {
        throw Problem.unprocessable("There is nothing in this text that the voice can say");
      } catch (VoiceBusyException e) {
        throw Problem.unavailable("Too much is being spoken right now", LATER);
      } catch (ListenerGoneException e) {
        metrics.counter("mybella.voice.abandoned").increment();
        throw e;
      } catch (IOException e) {
        if (voice.source() == VoiceSource.DEFAULT) {
          LOG.error("The default voice failed", e);
          break;
        }
        passedOver.add("fault");
        LOG.warn("The voice of tier {} failed", voice.source(), e);
      } finally {
        if (source != null) {
          source.close();
        }
        if (place != null) {
          place.close();
        }
      }
    }
    throw Problem.unavailable("No voice can speak right now", LATER);
  }

  private AudioSource open(Candidate voice, String text, SpeechFormat format, Listener listener)
      throws IOException {
    return voice.voiceId() == null
        ? systemVoice.speak(text, format, listener)
        : elevenLabs.speak(voice.voiceId(), text, format, listener);
  }

  private Speech told(
      Candidate voice,
      Set<String> passedOver,
      boolean cached,
      SpeechFormat format,
      AudioSource audio) {
    metrics
        .counter(
            "mybella.voice.speeches",
            "source",
            voice.source().wireName(),
            "cache",
            cached ? "hit" : "miss")
        .increment();
    return new Speech(voice.source(), fallback(passedOver), cached, format, audio);
  }

  private static @Nullable String fallback(Set<String> passedOver) {
    return passedOver.isEmpty() ? null : String.join(", ", passedOver);
  }
}
