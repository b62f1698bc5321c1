package io.mybella.voice.speech;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.voice.audio.SpeechFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finished audio, for whoever says the same thing again. Entries belong to a user and a persona:
 * one user must not learn from a fast answer what another one has said to the same persona.
 */
@Component
public class SpeechCache {

  private static final Duration KEPT = Duration.ofMinutes(30);

  private final Cache<Key, byte[]> entries;
  private final Cache<Long, Boolean> erasedPersonas;
  private final Cache<Long, Boolean> erasedUsers;
  private final long mostEntryBytes;
  private final long mostBytes;
  private final AtomicLong collected = new AtomicLong();

  SpeechCache(SpeechProperties properties) {
    this.mostEntryBytes = properties.cacheEntry().toBytes();
    this.mostBytes = properties.cache().toBytes();
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            .weigher((Key key, byte[] audio) -> audio.length)
            .expireAfterAccess(KEPT)
            .build();
    // Longer than any speech takes: what is still spoken during an erasure is not kept after it.
    this.erasedPersonas = marks();
    this.erasedUsers = marks();
  }

  private static Cache<Long, Boolean> marks() {
    return Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(100_000).build();
  }

  byte @Nullable [] find(Key key) {
    return entries.getIfPresent(key);
  }

  /** Collects a speech while it is heard. */
  Collected collect(Key key) {
    return new Collected(key);
  }

  private void keep(Key key, byte[] audio) {
    entries.put(key, audio);
    if (erasedPersonas.getIfPresent(key.personaId()) != null
        || erasedUsers.getIfPresent(key.userId()) != null) {
      entries.invalidate(key);
    }
  }

  /**
   * Forgets all that a persona said.
   *
   * @return how many speeches there were
   */
  public long forgetPersona(long personaId) {
    erasedPersonas.put(personaId, true);
    return forget(key -> key.personaId() == personaId);
  }

  /**
   * Forgets all that was said to a user whose account is gone.
   *
   * @return how many speeches there were
   */
  public long forgetUser(long userId) {
    erasedUsers.put(userId, true);
    return forget(key -> key.userId() == userId);
  }

  private long forget(Predicate<Key> which) {
    long before = entries.asMap().keySet().stream().filter(which).count();
    entries.asMap().keySet().removeIf(which);
    return before;
  }

  /**
   * What was heard of a speech so far. All of them together take no more than the cache: a listener
   * may take minutes, and what does not fit is not kept.
   *
   * <p>Used by one thread at a time.
   */
  final class Collected {

    private final Key key;
    private final List<byte[]> pieces = new ArrayList<>();
    private int bytes;
    private boolean over;

    private Collected(Key key) {
      this.key = key;
    }

    /** Adds a piece, unless this or another one has made it too much. */
    void add(byte[] piece) {
      if (over) {
        return;
      }
      bytes += piece.length;
      pieces.add(piece);
      if (collected.addAndGet(piece.length) > mostBytes || bytes > mostEntryBytes) {
        drop();
      }
    }

    /** Keeps the speech, which is complete. */
    void keep() {
      if (!over) {
        ByteBuffer audio = ByteBuffer.allocate(bytes);
        pieces.forEach(audio::put);
        drop();
        SpeechCache.this.keep(key, audio.array());
      }
    }

    /** Forgets it; harmless when repeated. */
    void drop() {
      if (!over) {
        over = true;
        pieces.clear();
        collected.addAndGet(-bytes);
      }
    }
  }

  /** What makes two speeches the same. The text is kept as a digest only. */
  record Key(
      long userId,
      long personaId,
      @Nullable String voiceId,
      String model,
      SpeechFormat format,
      String digest) {

    static Key of(
        long userId,
        long personaId,
        VoiceChoice.Candidate voice,
        String model,
        SpeechFormat format,
        String text) {
      return new Key(userId, personaId, voice.voiceId(), model, format, digest(text));
    }

    private static String digest(String text) {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JVM has SHA-256", e);
      }
    }
  }
}
