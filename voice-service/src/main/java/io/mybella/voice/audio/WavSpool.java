package io.mybella.voice.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Collects samples and then gives them out as one WAV file. The header of a WAV file names its
 * length, so the whole speech must be there before the first byte; it waits in a temporary file
 * because minutes of raw sound do not belong on the heap.
 *
 * <p>Used by one thread at a time.
 */
public final class WavSpool implements AudioSource {

  private static final int HEADER_BYTES = 44;
  private static final int PIECE_BYTES = 64 * 1024;

  private final Path file;
  private final OutputStream out;
  private final int sampleRate;
  private long bytes;
  private @Nullable InputStream in;

  /**
   * Opens an empty spool.
   *
   * @param sampleRate of the samples to come
   * @throws IOException when no temporary file can be made
   */
  public WavSpool(int sampleRate) throws IOException {
    this.sampleRate = sampleRate;
    file = Files.createTempFile("speech-", ".pcm");
    out = Files.newOutputStream(file);
  }

  /** Adds 16-bit little-endian mono samples. Only before the first {@link #next()}. */
  public void add(byte[] samples) throws IOException {
    out.write(samples);
    bytes += samples.length;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    if (in == null) {
      out.close();
      in = Files.newInputStream(file);
      return header(sampleRate, bytes);
    }
    byte[] piece = in.readNBytes(PIECE_BYTES);
    return piece.length == 0 ? null : piece;
  }

  @Override
  public void close() {
    try {
      out.close();
      if (in != null) {
        in.close();
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The 44 bytes in front of 16-bit mono samples.
   *
   * @param sampleRate samples per second
   * @param dataBytes length of what follows
   */
  public static byte[] header(int sampleRate, long dataBytes) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put("RIFF".getBytes(StandardCharsets.US_ASCII));
    header.putInt((int) (HEADER_BYTES - 8 + dataBytes));
    header.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
    header.putInt(16).putShort((short) 1).putShort((short) 1);
    header.putInt(sampleRate).putInt(sampleRate * 2).putShort((short) 2).putShort((short) 16);
    header.put("data".getBytes(StandardCharsets.US_ASCII));
    header.putInt((int) dataBytes);
    return header.array();
  }
}
