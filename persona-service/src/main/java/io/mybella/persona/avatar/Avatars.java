package io.mybella.persona.avatar;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.blob.LooseBlobs;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.persona.account.AccountException;
import io.mybella.persona.account.RefusedAccount;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
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
import org.springframework.core.io.Resource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Keeps the pictures of the personas; those that no persona has are {@linkplain LooseBlobs loose}.
 */
@Service
public class Avatars {

  private static final String FOLDER = "persona_pics/";
  private static final Pattern BUILT_IN = Pattern.compile("persona_pics/([a-z]+)\\.png");

  private final PictureStudio studio;
  private final BlobStore blobs;
  private final LooseBlobs loose;
  private final IdGenerator ids;
  private final Map<String, byte[]> builtIn = new ConcurrentHashMap<>();

  Avatars(
      PictureStudio studio,
      BlobStore blobs,
      JdbcClient database,
      TransactionOperations transactions,
      IdGenerator ids,
      Clock clock) {
    this.studio = studio;
    this.blobs = blobs;
    this.loose = new LooseBlobs("loose_picture", blobs, database, transactions, clock);
    this.ids = ids;
  }

  /** Where a persona's picture is to be had; the address never shows another picture. */
  public static String url(PersonaId personaId, long avatarVersion) {
    return "/api/personas/" + personaId + "/avatar?v=" + avatarVersion;
  }

  /**
   * Redraws an uploaded picture and stores it, belonging to nobody yet.
   *
   * @return its name, to be taken
   * @throws PictureException when it cannot be taken as a picture
   * @throws AccountException.Gone when the user's account is
   */
  public String store(UserId userId, Resource upload) {
    Picture picture = studio.redraw(upload);
    String name = FOLDER + ids.next() + "." + picture.kind().ending();
    try {
      loose.store(name, picture.bytes(), userId.value());
    } catch (DataIntegrityViolationException violation) {
      throw RefusedAccount.exception(violation);
    }
    return name;
  }

  /** Says, in the transaction of the persona, that it has this picture now. */
  public void take(String name) {
    if (!loose.take(name)) {
      throw new PictureException.NotNow("The picture could not be kept", Duration.ofSeconds(1));
    }
  }

  /**
   * Says, in the transaction in which their personas let them go, that these pictures are no longer
   * needed. They are removed soon after the commit.
   *
   * @param userId whose pictures they are
   * @return how many there were; pictures from the jar stay and do not count
   */
  public long release(UserId userId, List<String> names) {
    List<String> uploaded =
        names.stream().filter(name -> !BUILT_IN.matcher(name).matches()).toList();
    loose.releaseSoon(uploaded, userId.value());
    return uploaded.size();
  }

  /** Removes a stored picture that no persona has taken; one that was taken stays. */
  public void discard(String name) {
    loose.discardSoon(name);
  }

  /**
   * Removes the pictures of a user that no persona has any more; not within a transaction.
   *
   * @return whether none is left
   */
  public boolean removeLooseOf(UserId userId) {
    return loose.removeAllOf(userId.value());
  }

  /** Whether pictures of a user are loose: given up, left over, or uploads under way. */
  public boolean hasLooseOf(UserId userId) {
    return loose.countOf(userId.value()) > 0;
  }

  /** Removes what was left loose, by a crash or a refused request. */
  void sweep() {
    loose.sweep();
  }

  /** The store may be slow, and others wait for the thread of scheduled work. */
  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
  void sweepSoon() {
    loose.sweepSoon();
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
