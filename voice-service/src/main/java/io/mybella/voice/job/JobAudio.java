package io.mybella.voice.job;

import io.mybella.chassis.blob.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.AbstractResource;

/**
 * The audio of a job, piece after piece: of a long speech one piece at a time is in memory, however
 * slowly it is listened to and wherever in it somebody begins.
 */
public final class JobAudio extends AbstractResource {

  private final BlobStore blobs;
  private final List<StoredPiece> pieces;

  JobAudio(BlobStore blobs, List<StoredPiece> pieces) {
    this.blobs = blobs;
    this.pieces = List.copyOf(pieces);
  }

  @Override
  public long contentLength() {
    return pieces.stream().mapToLong(StoredPiece::bytes).sum();
  }

  @Override
  public String getDescription() {
    return "audio in " + pieces.size() + " pieces";
  }

  @Override
  public InputStream getInputStream() {
    return new Pieces();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JobAudio audio && pieces.equals(audio.pieces);
  }

  @Override
  public int hashCode() {
    return Objects.hash(pieces);
  }

  /** Reads a piece from the store when its first byte is wanted, and passes over whole ones. */
  private final class Pieces extends InputStream {

    private int next;
    private byte @Nullable [] current;
    private int position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (length == 0) {
        return 0;
      }
      byte[] piece = current();
      if (piece == null) {
        return -1;
      }
      int count = Math.min(length, piece.length - position);
      System.arraycopy(piece, position, into, offset, count);
      position += count;
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long left = Math.max(0, count);
      while (left > 0 && (current != null || next < pieces.size())) {
        if (current == null && pieces.get(next).bytes() <= left) {
          left -= pieces.get(next++).bytes();
          continue;
        }
        byte[] piece = current();
        if (piece == null) {
          break;
        }
        int within = (int) Math.min(left, piece.length - position);
        position += within;
        left -= within;
        if (position == piece.length) {
          current = null;
        }
      }
      return count - left;
    }

    private byte @Nullable [] current() throws IOException {
      if (current != null && position == current.length) {
        current = null;
      }
      if (current == null && next < pieces.size()) {
        StoredPiece piece = pieces.get(next++);
        byte[] bytes =
            blobs
                .get(piece.blobKey())
                .orElseThrow(() -> new IOException("a piece of the audio is gone"));
        if (bytes.length != piece.bytes()) {
          throw new IOException("a piece of the audio has another size than when it was stored");
        }
        current = bytes;
        position = 0;
      }
      return current;
    }
  }
}
