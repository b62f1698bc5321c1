package io.mybella.voice.recording;

import io.mybella.voice.audio.AudioSource;
import io.mybella.voice.audio.Listener;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A voice that says what a test tells it to. */
public final class Voice implements Production {

  private final BlockingQueue<Object> lines = new LinkedBlockingQueue<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  /** Has it say so many bytes next. */
  public Voice says(int bytes) {
    byte[] piece = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      piece[i] = (byte) (i * 31);
    }
    lines.add(piece);
    return this;
  }

  /** Has it come to its end. */
  public Voice ends() {
    lines.add(new byte[0]);
    return this;
  }

  /** Has it fail. */
  public Voice breaksOff(IOException why) {
    lines.add(why);
    return this;
  }

  /** How often it was asked to speak. */
  public int opened() {
    return opened.get();
  }

  /** How often it was let go. */
  public int closed() {
    return closed.get();
  }

  @Override
  public AudioSource open(Listener audience) {
    opened.incrementAndGet();
    return new AudioSource() {
      @Override
      public byte @Nullable [] next() throws IOException {
        Object line;
        try {
          line = lines.take();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while there was nothing to say", e);
        }
        if (line instanceof IOException why) {
          throw why;
        }
        byte[] piece = (byte[]) line;
        return piece.length == 0 ? null : piece;
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
