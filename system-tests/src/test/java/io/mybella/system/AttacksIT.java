package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every attack in turn against the platform with the heaps that it has for its users: no process
 * ends, and somebody else is served throughout.
 *
 * <p>The system property {@code attack.seconds} says how long; each attack happens once at least.
 * In every build each service is attacked by itself, in its own tests.
 */
@Tag("nightly")
@Isolated("Makes the platform as busy as it can")
@ExtendWith(PlatformExtension.class)
class AttacksIT {

  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("attack.seconds", 0));
  private static final Duration HOLD = Duration.ofSeconds(Integer.getInteger("attack.hold", 4));

  /** Longer than anybody waits, and far shorter than a restart. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String MANY = "[],".repeat(3_600_000) + "[]";

  /** What somebody tries. */
  enum Try {
    PICTURES_THAT_CLAIM {
      @Override
      void by(Attacker attacker) {
        List<FilePayload> all = HostilePictures.all();
        attacker.send(4, attacker.personasWith(all));
        attacker.send(4, attacker.personasWith(Collections.nCopies(8, all.getFirst())));
      }
    },
    MANY_LARGE_PICTURES {
      @Override
      void by(Attacker attacker) {
        attacker.send(30, attacker.personasWith(Collections.nCopies(30, Pictures.noise())));
      }
    },
    LARGE_TREES {
      @Override
      void by(Attacker attacker) {
        List<Call> calls =
            List.of(
                Call.of("POST", "/api/personas/create").text("application/json", "[" + MANY + "]"),
                Call.of("PUT", "/api/personas/1")
                    .text("application/json", "{\"name\":[" + MANY + "]}"),
                Call.of("POST", "/api/personas/switch")
                    .text("application/json", "{\"persona_id\":[" + MANY + "]}"),
                Call.of("POST", "/api/personas/1/messages")
                    .text(
                        "application/json",
                        "{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"a\":["
                            + MANY
                            + "]}}"),
                Call.of("POST", "/api/personas/1/chat")
                    .text("application/json", "{\"content\":[" + MANY + "]}"),
                Call.of("POST", "/api/personas/1/voice/speech")
                    .text("application/json", "{\"text\":[" + MANY + "]}"));
        attacker.send(6, calls);
      }
    },
    LONG_PASSWORDS {
      @Override
      void by(Attacker attacker) {
        Call login =
            Call.of("POST", "/api/auth/login")
                .json(Map.of("email", "a@example.org", "password", "x".repeat(45_000_000)));
        attacker.send(2, Collections.nCopies(2, login), Account.visitor());
      }
    },
    DEEP_METADATA {
      @Override
      void by(Attacker attacker) {
        Call deep =
            Call.of("POST", "/api/personas/1/messages")
                .text(
                    "application/json",
                    "{\"role\":\"user\",\"content\":\"x\",\"metadata\":"
                        + "{\"a\":".repeat(64)
                        + "1"
                        + "}".repeat(65));
        attacker.send(4, Collections.nCopies(8, deep));
      }
    },
    UNFINISHED_HEADERS {
      @Override
      void by(Attacker attacker) {
        attacker.trickle(2_600, "GET /api/personas/available HTTP/1.1\r\nHost: x\r\nX-A: ", HOLD);
      }
    },
    UNFINISHED_LOGINS {
      @Override
      void by(Attacker attacker) {
        attacker.trickle(
            1_100,
            "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Cookie: XSRF-TOKEN=a\r\nX-XSRF-TOKEN: a\r\nContent-Length: 5000\r\n\r\n{",
            HOLD);
      }
    },
    TRICKLED_BODIES {
      @Override
      void by(Attacker attacker) {
        for (String request :
            List.of(
                "POST /api/personas/1/voice/speech",
                "POST /api/personas/create",
                "POST /api/personas/1/messages")) {
          attacker.trickle(260, attacker.headOf(request, "application/json"), HOLD);
        }
      }
    },
    TRICKLED_UPLOADS {
      @Override
      void by(Attacker attacker) {
        attacker.trickle(
            20,
            attacker.headOf("POST /api/personas/create", "multipart/form-data; boundary=b"),
            HOLD);
      }
    },
    LONG_PAGES {
      @Override
      void by(Attacker attacker) {
        List<Call> messages =
            IntStream.range(0, 200)
                .mapToObj(
                    i ->
                        Call.of("POST", "/api/personas/2/messages")
                            .json(Map.of("role", "user", "content", "\u00e4".repeat(31_000) + i)))
                .toList();
        attacker.send(8, messages);
        attacker.send(
            16, Collections.nCopies(32, Call.of("GET", "/api/personas/2/messages?limit=200")));
        attacker.send(
            16, Collections.nCopies(16, Call.of("GET", "/api/personas/2/memory/context?limit=50")));
      }
    },
    MANY_PERSONAS {
      @Override
      void by(Attacker attacker) {
        List<Call> personas =
            IntStream.range(0, 150)
                .mapToObj(
                    i ->
                        Call.of("POST", "/api/personas/create")
                            .json(
                                Map.of(
                                    "name",
                                    "Persona " + i,
                                    "description",
                                    "\u00e4".repeat(5_000),
                                    "personality_traits",
                                    "\u00e4".repeat(2_000))))
                .toList();
        attacker.send(8, personas);
        attacker.send(12, Collections.nCopies(24, Call.of("GET", "/api/personas/available")));
      }
    },
    SPEECH_FOR_NOBODY {
      @Override
      void by(Attacker attacker) {
        attacker.leave(
            265,
            "POST /api/personas/1/voice/speech",
            "{\"text\":\"%s\"}".formatted("A sentence that takes a while. ".repeat(60)));
      }
    },
    MANY_COOKIES {
      @Override
      void by(Attacker attacker) {
        String cookies =
            IntStream.range(0, 200)
                .mapToObj(i -> "MYBELLA_SESSION=YWJj" + i)
                .collect(Collectors.joining("; "));
        attacker.send(
            8, Collections.nCopies(40, Call.of("GET", "/api/auth/me")), Map.of("Cookie", cookies));
      }
    };

    abstract void by(Attacker attacker);
  }

  @Test
  void nobodyCanEndAServiceOrKeepItFromOthers(TestPlatform platform) throws Exception {
    Attacker attacker = new Attacker(platform);
    Account bystander = Account.register(platform, "Bystander");
    Map<String, String> proof = bystander.key();
    Map<String, Long> processes = processes(platform);
    Queue<String> refused = new ConcurrentLinkedQueue<>();
    AtomicInteger served = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    String[] now = {""};

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var watch =
          threads.submit(
              () -> {
                while (!over.get()) {
                  String answer = look(platform, proof);
                  if (answer.isEmpty()) {
                    served.incrementAndGet();
                  } else {
                    refused.add(now[0] + ": " + answer);
                  }
                }
              });
      try {
        Instant end = Instant.now().plus(TIME);
        do {
          for (Try each : Try.values()) {
            now[0] = each.name();
            Instant began = Instant.now();
            each.by(attacker);
            System.out.printf(
                "%s: %d s, %s; others were served %d times, refused %d times%n",
                each,
                Duration.between(began, Instant.now()).toSeconds(),
                attacker.outcomes(),
                served.getAndSet(0),
                refused.size());
          }
        } while (Instant.now().isBefore(end));
      } finally {
        over.set(true);
      }
      watch.get();
    }

    assertThat(processes(platform)).as("processes").isEqualTo(processes);
    assertThat(refused).as("answers to somebody else that were none").isEmpty();
  }

  private static Map<String, Long> processes(TestPlatform platform) {
    return Arrays.stream(Service.values())
        .collect(Collectors.toMap(Service::module, each -> platform.pid(each.module())));
  }

  /** Empty when the platform serves its user. */
  private static String look(TestPlatform platform, Map<String, String> proof) {
    Instant began = Instant.now();
    try {
      Answer answer = Call.of("GET", "/api/personas/available").send(platform.baseUrl(), proof);
      Duration took = Duration.between(began, Instant.now());
      return answer.status() == 200 && took.compareTo(PATIENCE) < 0
          ? ""
          : answer.status() + " after " + took;
    } catch (UncheckedIOException e) {
      return e.getCause() + " after " + Duration.between(began, Instant.now());
    }
  }
}
