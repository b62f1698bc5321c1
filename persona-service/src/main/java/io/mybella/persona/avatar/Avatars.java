package io.mybella.persona.avatar;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.blob.LooseBlobs;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps the pictures of the personas; those that no persona has are {@linkplain LooseBlobs loose}.
 */
@Service
public class Avatars {

  private static final Logger log = LoggerFactory.getLogger(Avatars.class);

  private static final String FOLDER = "persona_pics/";
  private static final Pattern BUILT_IN = Pattern.compile("persona_pics/([a-z]+)\\.png");

  private final PictureStudio studio;
  private final BlobStore blobs;
  private final JdbcTemplate jdbc;
  private final LooseBlobs loose;
  private final IdGenerator ids;
  private final Map<String, byte[]> builtIn = new ConcurrentHashMap<>();

  Avatars(
      PictureStudio studio,
      BlobStore blobs,
      JdbcTemplate jdbc,
      TransactionOperations transactions,
      IdGenerator ids,
      Clock clock) {
    this.studio = studio;
    this.blobs = blobs;
    this.jdbc = jdbc;
    this.loose =
        new LooseBlobs("loose_picture", blobs, JdbcClient.create(jdbc), transactions, clock);
    this.ids = ids;
  }

  /** Where a persona's picture is to be had; the address never shows another picture. */
  public static String url(long personaId, long avatarVersion) {
    return "/api/personas/" + personaId + "/avatar?v=" + avatarVersion;
  }

  /**
   * Redraws an uploaded picture and stores it, belonging to nobody yet.
   *
   * @return its name, to be taken
   * @throws Problem 400, 413 or 503 when it cannot be taken as a picture
   */
  public String store(byte[] upload) {
    Picture picture = studio.redraw(upload);
    String name = FOLDER + ids.next() + "." + picture.kind().ending();
    loose.store(name, picture.bytes());
    return name;
  }

  /** Says, in the transaction of the persona, that it has this picture now. */
  public void take(String name) {
    if (!loose.take(name)) {
      throw Problem.unavailable("The picture could not be kept", Duration.ofSeconds(1));
    }
  }

  /** Says, in the transaction of the persona, that this picture is no longer needed. */
  public void release(String name) {
    if (BUILT_IN.matcher(name).matches()) {
      return;
    }
    loose.release(name);
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            try {
              blobs.delete(name);
            } catch (RuntimeException e) {
              // The change is committed and must not look failed; the sweep tries again.
              log.warn("{} stays until the next sweep", name, e);
            }
          }
        });
  }

  /** Removes a stored picture that no persona has taken; one that was taken stays. */
  public void discard(String name) {
    loose.discard(name);
  }

  /**
   * Removes pictures at once, in the transaction in which their personas go for good. When that
   * does not commit after all, it is tried again, and the personas lack nothing that is missed.
   *
   * @return how many there were; pictures from the jar stay and do not count
   */
  public long erase(List<String> names) {
    List<String> uploaded =
        names.stream().filter(name -> !BUILT_IN.matcher(name).matches()).toList();
    uploaded.forEach(blobs::delete);
    return uploaded.size();
  }

  /** Removes what was left loose, by a crash or a refused request. */
  @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
  void sweep() {
    loose.sweep();
  }

  /** The picture of a persona that the user may see; empty without one and without the right. */
  public Optional<Avatar> find(long userId, long personaId) {
    return jdbc
        .query(
            """
            select avatar, avatar_version from persona
            where id = ? and avatar is not null and deleted_at is null
              and (owner_user_id is null or owner_user_id = ?)
            """,
            (row, number) -> new Avatar(row.getString(1), row.getLong(2)),
            personaId,
            userId)
        .stream()
        .findFirst();
  }

  /** The bytes of a picture; empty when it was replaced a moment ago. */
  public Optional<byte[]> load(Avatar avatar) {
    var word = BUILT_IN.matcher(avatar.name());
    return word.matches()
        ? Optional.of(builtIn.computeIfAbsent(word.group(1), Avatars::fromJar))
        : blobs.get(avatar.name());
  }

  private static byte[] fromJar(String word) {
    String path = "/pictures/" + word + ".png";
    try (InputStream in = Avatars.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
