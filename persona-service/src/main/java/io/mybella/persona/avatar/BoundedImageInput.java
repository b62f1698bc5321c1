package io.mybella.persona.avatar;

import com.sun.management.ThreadMXBean;
import io.mybella.persona.avatar.PictureHeader.Span;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.imageio.stream.ImageInputStreamImpl;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a picture for a decoder, until its time or its memory is used up: then there is
 * nothing more to be read. A header cannot tell everything; the code tables of a lossless WebP, for
 * one, grow two thousand times larger than the bytes that ask for them.
 */
final class BoundedImageInput extends ImageInputStreamImpl {

  /** Reads between two looks at the clock. */
  private static final int LOOK_EVERY = 256;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final byte[] bytes;
  private final Deadline deadline;
  private final long mostAllocated;
  private final @Nullable Span unmetered;
  private long allocatedBefore = allocated();
  private long allocated;
  private int reads;

  /**
   * @param mostAllocated what the thread may allocate between its reads, in bytes
   * @param unmetered where it may allocate what it likes, because it keeps nothing of it
   */
  BoundedImageInput(byte[] bytes, Deadline deadline, long mostAllocated, @Nullable Span unmetered) {
    this.bytes = bytes;
    this.deadline = deadline;
    this.mostAllocated = mostAllocated;
    this.unmetered = unmetered;
  }

  @Override
  public int read() throws IOException {
    bound();
    bitOffset = 0;
    return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    bound();
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, bytes.length - streamPos);
    if (count <= 0) {
      return -1;
    }
    System.arraycopy(bytes, (int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  private void bound() throws IOException {
    if (reads++ % LOOK_EVERY == 0
        && (deadline.isOver() || Thread.currentThread().isInterrupted())) {
      throw new OutOfTimeException();
    }
    long now = allocated();
    if (unmetered == null || !unmetered.contains(streamPos)) {
      allocated += now - allocatedBefore;
    }
    allocatedBefore = now;
    if (allocated > mostAllocated) {
      throw new IOException("The decoder wants more memory than a picture of this size may take");
    }
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** Reading has taken too long, or nobody waits for it any more. */
  static final class OutOfTimeException extends IOException {

    OutOfTimeException() {
      super("The decoder takes too long");
    }
  }
}
