package io.mybella.voice.engine;

import io.mybella.voice.audio.Pcm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import marytts.LocalMaryInterface;
import marytts.exceptions.MaryConfigurationException;
import marytts.exceptions.SynthesisException;

/**
 * MaryTTS 5.2.1 in this process. Its models (lexicon, tagger, voice) are loaded once, by the first
 * call; they take about 45 MB of heap and two to five seconds. The same text always gives the same
 * samples.
 */
final class MaryEngine implements SpeechEngine {

  private final String voice;

  MaryEngine(String voice) {
    this.voice = voice;
  }

  @Override
  public Pcm say(String text) throws IOException {
    try (AudioInputStream in = mary().generateAudio(text)) {
      // Its stream may give fewer bytes than there are to a plain read; only this reads all.
      ByteArrayOutputStream wav = new ByteArrayOutputStream();
      AudioSystem.write(in, AudioFileFormat.Type.WAVE, wav);
      return Pcm.fromWav(wav.toByteArray());
    } catch (SynthesisException e) {
      // The message would repeat the text, which belongs to a chat and not into a log.
      throw new IOException("MaryTTS failed with " + rootOf(e).getClass().getName());
    }
  }

  /** A new front for each call, because it keeps state; the models behind it are shared. */
  private LocalMaryInterface mary() throws IOException {
    synchronized (MaryEngine.class) {
      try {
        LocalMaryInterface mary = new LocalMaryInterface();
        mary.setVoice(voice);
        return mary;
      } catch (MaryConfigurationException | IllegalArgumentException e) {
        throw new IOException("MaryTTS cannot start with the voice " + voice, e);
      }
    }
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
