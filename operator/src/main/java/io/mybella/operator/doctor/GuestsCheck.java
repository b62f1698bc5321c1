package io.mybella.operator.doctor;

import io.mybella.operator.doctor.Guest.Answer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.jspecify.annotations.Nullable;

/**
 * Two accounts for a moment: neither sees anything of the other, no persona knows what another was
 * told, the default voice can be heard, and nothing of it is left afterwards.
 */
final class GuestsCheck implements Check {

  private static final long BUILT_IN = 1;
  private static final Duration ERASURE_LIMIT = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final String TO_ONE = "doctor: told to the one";
  private static final String TO_OTHER = "doctor: told to the other";

  private final URI gateway;
  private final Duration erasureLimit;
  private final List<Finding> findings = new ArrayList<>();

  GuestsCheck(Installation installation) {
    this(installation, ERASURE_LIMIT);
  }

  /**
   * As the other one.
   *
   * @param erasureLimit how long every service may take to erase what it had of a guest
   */
  GuestsCheck(Installation installation, Duration erasureLimit) {
    this.gateway = installation.api(Part.GATEWAY);
    this.erasureLimit = erasureLimit;
  }

  @Override
  public String name() {
    return "isolation";
  }

  @Override
  public List<Finding> look() throws IOException, InterruptedException {
    findings.clear();
    try (Guest ada = new Guest(gateway);
        Guest ben = new Guest(gateway)) {
      Answer answer = ada.register();
      if (answer.status() == 403 || answer.status() == 404) {
        return List.of(about("").skipped("nobody can register here: accounts come from elsewhere"));
      }
      answer.expect(201);
      try {
        look(ada, ben);
      } finally {
        leave(ada);
      }
    }
    return List.copyOf(findings);
  }

  private void look(Guest ada, Guest ben) throws IOException, InterruptedException {
    ben.register().expect(201);
    try {
      long persona = create(ada);
      tell(ada, persona, TO_ONE);
      tell(ada, BUILT_IN, TO_OTHER);
      findings.add(personasApart(ada, persona));
      findings.add(usersApart(ben, persona));
      findings.add(voice(ada, persona));
    } finally {
      leave(ben);
    }
  }

  private static long create(Guest guest) throws IOException, InterruptedException {
    return guest
        .post(
            "/api/personas/create",
            Map.of("name", "Doctor's persona", "description", "Of a self-test"))
        .expect(201)
        .json()
        .path("persona")
        .path("id")
        .longValue();
  }

  private static void tell(Guest guest, long persona, String text)
      throws IOException, InterruptedException {
    guest.post(messages(persona), Map.of("role", "user", "content", text)).expect(201);
  }

  private static String messages(long persona) {
    return "/api/personas/" + persona + "/messages";
  }

  private Finding personasApart(Guest guest, long persona)
      throws IOException, InterruptedException {
    Answer one = guest.get(messages(persona)).expect(200);
    Answer other = guest.get(messages(BUILT_IN)).expect(200);
    Finding.About about = about("personas");
    if (!one.holds(TO_ONE) || !other.holds(TO_OTHER)) {
      return about.failed(
          "a persona lacks what it was told", "The log of memory-service says why.");
    }
    return one.holds(TO_OTHER) || other.holds(TO_ONE)
        ? about.failed("a persona knows what another one was told", urgent())
        : about.ok("each persona knows what it was told, and nothing else");
  }

  private Finding usersApart(Guest stranger, long persona)
      throws IOException, InterruptedException {
    Finding.About about = about("users");
    List<Answer> refused =
        List.of(
            stranger.get("/api/personas/" + persona),
            stranger.get(messages(persona)),
            stranger.post("/api/personas/switch", Map.of("persona_id", persona)));
    for (Answer answer : refused) {
      if (answer.status() != 404) {
        return about.failed(
            "somebody else's persona answers %d to %s".formatted(answer.status(), answer.request()),
            urgent());
      }
    }
    Answer shared = stranger.get(messages(BUILT_IN)).expect(200);
    return shared.holds(TO_OTHER)
        ? about.failed("a user sees what another one told the same persona", urgent())
        : about.ok("nobody sees anything of somebody else");
  }

  private static String urgent() {
    return "Stop the platform now, keep its logs, and report it: this must never happen. Look at"
        + " the check of roles first.";
  }

  private Finding voice(Guest guest, long persona) throws InterruptedException {
    Finding.About about = new Finding.About("default voice", "");
    String advice =
        "The log of voice-service says why; see docs/troubleshooting.md, Voice not playing.";
    try {
      Answer answer =
          guest.post(
              "/api/personas/" + persona + "/voice/speech",
              Map.of("text", "Good morning. All is well.", "format", "wav"));
      Sound sound = Sound.of(answer.expect(200).body());
      return sound.isHeard()
          ? about.ok("heard, %.1f s of it".formatted(sound.seconds()))
          : about.failed("silence of %.1f s".formatted(sound.seconds()), advice);
    } catch (IOException e) {
      return about.failed(Reasons.of(e), advice);
    } catch (UnsupportedAudioFileException e) {
      return about.failed("what comes is no sound", advice);
    }
  }

  /** Deletes the account, and waits until every service has erased what it had. */
  private void leave(Guest guest) throws IOException, InterruptedException {
    String erasure = guest.leave().expect(202).json().path("erasure_id").stringValue();
    long deadline = System.nanoTime() + erasureLimit.toNanos();
    Finding open = unfinished(guest, erasure);
    while (open != null && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE);
      open = unfinished(guest, erasure);
    }
    findings.add(open == null ? about("traces").ok("nothing of a guest is left") : open);
  }

  private @Nullable Finding unfinished(Guest guest, String erasure)
      throws IOException, InterruptedException {
    Answer status = guest.get("/api/auth/erasures/" + erasure).expect(200);
    return status.json().path("status").asString("").equals("complete")
        ? null
        : about("traces")
            .failed(
                "a guest's account is not erased after %d s".formatted(erasureLimit.toSeconds()),
                "It goes on by itself once all services and the broker are there:"
                    + " docs/operations.md, Overdue erasures.");
  }
}
