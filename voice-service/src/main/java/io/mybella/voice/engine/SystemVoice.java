package io.mybella.voice.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.audio.Mp3Encoder;
import io.mybella.voice.audio.Pcm;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.audio.WavSpool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The system default voice: speaks without a key and without a network.
 *
 * <p>Text is said sentence by sentence, so the first sound is there before the last is made.
 * Synthesis is pure computation, which would starve the virtual threads of requests; it runs on a
 * few platform threads of its own, for which accounts take turns, and what they cannot take in time
 * is refused. Nothing more is said to a listener who has left. The first sentence has the engine
 * load its models, unless they were loaded before, and has more time for it.
 */
public final class SystemVoice implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SystemVoice.class);

  /** How often it is looked whether somebody who waits is still there. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final SpeechEngine engine;
  private final Duration patience;
  private final Duration coldPatience;
  private final SpeechThreads threads;
  private final Timer synthesis;
  private final Timer spoken;
  private final String name;
  private final AtomicBoolean warming = new AtomicBoolean();
  private volatile boolean warm;

  SystemVoice(SpeechEngine engine, EngineProperties properties, MeterRegistry metrics) {
    this.engine = engine;
    this.name = properties.kind() + " " + properties.voice() + " " + properties.command();
    this.patience = properties.patience();
    this.coldPatience = properties.coldPatience();
    this.threads = new SpeechThreads(properties.concurrency(), properties.queue());
    this.synthesis =
        Timer.builder("mybella.voice.engine.synthesis")
            .description("Time to synthesise one piece of text with the default voice")
            .register(metrics);
    this.spoken =
        Timer.builder("mybella.voice.engine.spoken")
            .description("Length of the sound the default voice made")
            .register(metrics);
    metrics.gauge("mybella.voice.engine.queue", this, SystemVoice::waiting);
  }

  /** How many sentences wait for a thread. */
  int waiting() {
    return threads.waiting();
  }

  /** Which engine speaks, and how; part of what makes a speech the same as another. */
  public String name() {
    return name;
  }

  /** Whether the engine has said something: its models are loaded. */
  boolean isWarm() {
    return warm;
  }

  /** Has the models loaded, unless they are, because the voice may have to speak in a moment. */
  public void warmSoon() {
    if (!warm && warming.compareAndSet(false, true)) {
      Thread.ofPlatform().name("voice-warm-up").daemon().start(this::warm);
    }
  }

  /** Has the engine say something to nobody, on this thread, so that its models are loaded. */
  void warm() {
    long started = System.nanoTime();
    try {
      say("Hello, it is good to hear you.");
      LOG.info(
          "The default voice is warm after {} ms",
          Duration.ofNanos(System.nanoTime() - started).toMillis());
    } catch (IOException e) {
      LOG.error("The default voice cannot speak", e);
    }
  }

  /**
   * Says a text. Nothing is computed before the source is read.
   *
   * <p>Reading throws {@link UnspeakableTextException} when no sound comes of the text at all,
   * {@link VoiceBusyException} when no thread was free in time, and {@link ListenerGoneException}
   * when nobody waits for the sound any more.
   *
   * @param text any text; what cannot be said in it is left out
   * @param format of the bytes
   * @param listener who waits for it
   */
  public AudioSource speak(String text, SpeechFormat format, Listener listener) {
    List<String> pieces = SpeechText.pieces(text);
    return switch (format) {
      case MP3 -> new Mp3Speech(new ArrayDeque<>(pieces), new Turns(listener));
      case WAV -> new WavSpeech(pieces, new Turns(listener));
    };
  }

  @Override
  public void close() {
    threads.close();
  }

  private Pcm synthesise(String piece) throws IOException {
    long started = System.nanoTime();
    Pcm pcm = say(piece);
    synthesis.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
    spoken.record((long) (pcm.seconds() * 1e9), TimeUnit.NANOSECONDS);
    return pcm;
  }

  private Pcm say(String piece) throws IOException {
    try {
      Pcm pcm = engine.say(piece);
      warm = true;
      return pcm;
    } catch (LinkageError e) {
      throw new IOException("the speech engine is incomplete", e);
    }
  }

  /** The turns of one speech at the threads. */
  private final class Turns {

    private final Listener listener;
    private boolean begun;

    private Turns(Listener listener) {
      this.listener = listener;
    }

    /** Does a part of the speech on one of the threads and waits for it. */
    <T> T take(Callable<T> work) throws IOException {
      if (listener.isGone()) {
        throw new ListenerGoneException();
      }
      Duration limit = warm ? patience : coldPatience;
      try {
        T done = await(threads.submit(listener.account(), begun, work), limit);
        begun = true;
        return done;
      } catch (RejectedExecutionException e) {
        throw new VoiceBusyException("the default voice is about to end");
      }
    }

    private <T> T await(Future<T> result, Duration limit) throws IOException {
      boolean done = false;
      try {
        T got = get(result, limit);
        done = true;
        return got;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the default voice spoke", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        throw new IOException("the default voice failed", e.getCause());
      } finally {
        if (!done) {
          // A load of the models goes on: MaryTTS starts once in a process, interrupted or not.
          result.cancel(warm);
        }
      }
    }

    private <T> T get(Future<T> result, Duration limit)
        throws IOException, InterruptedException, ExecutionException {
      long end = System.nanoTime() + limit.toNanos();
      while (true) {
        long left = end - System.nanoTime();
        try {
          return result.get(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (left <= LOOK.toNanos()) {
            throw new VoiceBusyException("the default voice did not answer within " + limit);
          }
          if (listener.isGone()) {
            throw new ListenerGoneException();
          }
        }
      }
    }
  }

  private final class Mp3Speech implements AudioSource {

    private final Queue<String> pieces;
    private final Turns turns;
    private @Nullable Mp3Encoder encoder;
    private boolean finished;

    private Mp3Speech(Queue<String> pieces, Turns turns) {
      this.pieces = pieces;
      this.turns = turns;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      while (!pieces.isEmpty()) {
        String piece = pieces.remove();
        byte[] frames = turns.take(() -> encode(synthesise(piece)));
        if (frames.length > 0) {
          return frames;
        }
      }
      if (encoder == null) {
        throw new UnspeakableTextException();
      }
      if (finished) {
        return null;
      }
      finished = true;
      byte[] rest = encoder.finish();
      return rest.length == 0 ? null : rest;
    }

    private byte[] encode(Pcm pcm) {
      if (pcm.isSilent()) {
        return new byte[0];
      }
      if (encoder == null) {
        encoder = new Mp3Encoder(pcm.sampleRate());
      }
      return encoder.encode(pcm);
    }

    @Override
    public void close() {
      pieces.clear();
    }
  }

  private final class WavSpeech implements AudioSource {

    private final List<String> pieces;
    private final Turns turns;
    private @Nullable WavSpool spool;

    private WavSpeech(List<String> pieces, Turns turns) {
      this.pieces = pieces;
      this.turns = turns;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
      if (spool == null) {
        for (String piece : pieces) {
          Pcm pcm = turns.take(() -> synthesise(piece));
          if (!pcm.isSilent()) {
            if (spool == null) {
              spool = new WavSpool(pcm.sampleRate());
            }
            spool.add(pcm.samples());
          }
        }
      }
      if (spool == null) {
        throw new UnspeakableTextException();
      }
      return spool.next();
    }

    @Override
    public void close() {
      if (spool != null) {
        spool.close();
      }
    }
  }
}
