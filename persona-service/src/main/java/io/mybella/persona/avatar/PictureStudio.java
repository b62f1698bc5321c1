package io.mybella.persona.avatar;

import io.mybella.persona.avatar.PictureHeader.Format;
import jakarta.annotation.PreDestroy;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/**
 * Draws an uploaded picture anew. Only pixels pass: metadata, appended archives, scripts and
 * whatever else a file may carry stay behind.
 *
 * <p>It is a bulkhead. Pictures are drawn by a few platform threads of its own, because decoding
 * never yields: on the carriers of the virtual threads it would keep every other request waiting.
 * What they hold together is bounded by what the headers claim, and an upload that waits stays on
 * the disk.
 */
@Component
class PictureStudio {

  private static final Duration TRY_AGAIN = Duration.ofSeconds(2);
  private static final int KIB = 1024;

  private final AvatarProperties limits;
  private final PictureDecoder decoder;

  /** In KiB, so that an {@code int} counts them. */
  private final Semaphore memory;

  private final ThreadPoolExecutor threads;

  PictureStudio(AvatarProperties limits) {
    this.limits = limits;
    this.decoder = new PictureDecoder(limits);
    this.memory = new Semaphore((int) limits.memory().toKilobytes(), true);
    this.threads =
        new ThreadPoolExecutor(
            limits.concurrentDecodes(),
            limits.concurrentDecodes(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(limits.queue()),
            Thread.ofPlatform().name("picture-", 0).daemon().factory());
  }

  /**
   * Judges and redraws a picture, upright and at most {@code side} pixels wide and high.
   *
   * @param upload read when its turn comes
   * @throws PictureException.Refused when it is none of PNG, JPEG, GIF and WebP, is damaged, or
   *     claims more than is allowed
   * @throws PictureException.TooLarge when it has too many bytes
   * @throws PictureException.NotNow when too many others are being drawn
   */
  Picture redraw(Resource upload) {
    int size = size(upload);
    Deadline deadline = Deadline.in(limits.patience());
    Future<Picture> drawn;
    try {
      drawn = threads.submit(() -> redraw(upload, size, deadline));
    } catch (RejectedExecutionException full) {
      throw busy();
    }
    try {
      return drawn.get(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw busy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PictureException.NotNow("The service is stopping", TRY_AGAIN);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("A picture could not be drawn", failed.getCause());
    } finally {
      // Without effect on what is done; what still waits or is being drawn has nobody any more.
      drawn.cancel(true);
    }
  }

  /** What a caller is told whose picture cannot be drawn now. */
  static PictureException busy() {
    return new PictureException.NotNow(
        "Too many pictures at once; try again in a moment", TRY_AGAIN);
  }

  /** How many pictures wait for a thread. */
  int waiting() {
    return threads.getQueue().size();
  }

  /** Whether no picture is being drawn. */
  boolean isIdle() {
    return threads.getActiveCount() == 0;
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }

  private Picture redraw(Resource upload, int size, Deadline deadline) throws InterruptedException {
    if (deadline.isOver()) {
      throw busy();
    }
    byte[] bytes = read(upload, size);
    PictureHeader header = decoder.judge(bytes);
    int permits = (int) (decoder.memory(header, bytes.length) / KIB);
    if (!memory.tryAcquire(permits, Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS)) {
      throw busy();
    }
    try {
      BufferedImage decoded = decoder.decode(header, bytes, deadline);
      BufferedImage drawn = PictureDrawing.draw(decoded, header.orientation(), limits.side());
      return PictureDrawing.encode(drawn, kindFor(header.format(), decoded));
    } finally {
      memory.release(permits);
    }
  }

  private static byte[] read(Resource upload, int size) {
    byte[] bytes = new byte[size];
    try (InputStream in = upload.getInputStream()) {
      if (in.readNBytes(bytes, 0, size) < size) {
        throw new EOFException("An upload became shorter");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int size(Resource upload) {
    long size;
    try {
      size = upload.contentLength();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (size > limits.maxBytes().toBytes()) {
      throw new PictureException.TooLarge(
          "The picture is too large: at most %d MB".formatted(limits.maxBytes().toMegabytes()));
    }
    return (int) size;
  }

  /** Photos stay JPEG; drawings, which a JPEG would smear, and what is transparent become PNG. */
  private static Picture.Kind kindFor(Format format, BufferedImage decoded) {
    return switch (format) {
      case JPEG -> Picture.Kind.JPEG;
      case PNG, GIF -> Picture.Kind.PNG;
      case WEBP -> decoded.getColorModel().hasAlpha() ? Picture.Kind.PNG : Picture.Kind.JPEG;
    };
  }
}
