package io.mybella.voice;

import static io.mybella.voice.VoiceApi.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.fakeelevenlabs.Account;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.fakeelevenlabs.FakeElevenLabs;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two replicas and two workers on one account that speaks five texts at a time, and two hundred
 * callers at once: nobody asks for a sixth, and everybody hears something. Who gets no slot in time
 * hears what has time first: the default voice, or the own one. Only in the nightly build.
 */
@Tag("nightly")
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedAccountIT {

  private static final Logger log = LoggerFactory.getLogger(SharedAccountIT.class);

  private static final int CAP = 5;
  private static final int CALLERS = 200;
  private static final int USERS = 50;
  private static final int JOBS = 10;
  private static final String BELLA = "EXAVITQu4vr4xnSDxMaL";
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** What one speech takes at the stand-in, first byte to last: about a third of a second. */
  private static final Behaviour PACE =
      new Behaviour.SpeaksSlowly(Duration.ofMillis(250), Duration.ofMillis(5));

  @Test
  void theCapIsUsedAndNeverExceeded(@TempDir Path folder) throws Exception {
    PostgresPart.Database database = PlatformParts.freshDatabase("voice");
    try (KafkaPart kafka = KafkaPart.start(KafkaPart.Options.temporary());
        FakeElevenLabs elevenLabs =
            new FakeElevenLabs(Account.withoutLimits().withConcurrency(CAP))) {
      elevenLabs.let(BELLA, PACE);
      try (ServiceProcess one = start("one", folder, database, kafka, elevenLabs);
          ServiceProcess other = start("other", folder, database, kafka, elevenLabs);
          ServiceProcess worker = start("worker", folder, database, kafka, elevenLabs);
          ServiceProcess another = start("another-worker", folder, database, kafka, elevenLabs)) {
        List<VoiceApi> replicas =
            List.of(
                new VoiceApi(one.port(), kafka.bootstrapServers()),
                new VoiceApi(other.port(), kafka.bootstrapServers()));
        long persona = replicas.getFirst().created(null, BELLA, bearer(0));
        // All learn from the answers how many there may be.
        replicas.forEach(replica -> replica.speak(persona, "First of all.", bearer(0)));

        List<String> jobs = askForJobs(replicas.getFirst(), persona);
        List<HttpResponse<byte[]>> answers = speakAllAtOnce(replicas, persona);
        await().atMost(LIMIT).until(() -> ended(replicas.getFirst(), persona, jobs) == JOBS);

        assertThat(elevenLabs.tally().mostAtOnce()).isEqualTo(CAP);
        assertThat(answers)
            .allSatisfy(
                answer -> {
                  assertThat(answer.statusCode()).isEqualTo(200);
                  assertThat(answer.body()).isNotEmpty();
                });
        long own =
            answers.stream()
                .filter(answer -> "preset".equals(header(answer, "X-Voice-Source")))
                .count();
        assertThat(answers)
            .filteredOn(answer -> !"preset".equals(header(answer, "X-Voice-Source")))
            .allMatch(answer -> header(answer, "X-Voice-Fallback") != null);
        assertThat(own).isPositive();
        log.info(
            "{} of {} callers heard the persona's own voice; the stand-in was called {} times",
            own,
            CALLERS,
            elevenLabs.tally().calls());
        assertThat(worker.runs() && another.runs()).isTrue();
      }
    }
  }

  private static List<HttpResponse<byte[]>> speakAllAtOnce(List<VoiceApi> replicas, long persona)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<byte[]>>> asked = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        VoiceApi replica = replicas.get(i % replicas.size());
        String text = "Good morning, this is for caller number %d.".formatted(i);
        String bearer = bearer(i % USERS);
        asked.add(threads.submit(() -> replica.speak(persona, text, bearer)));
      }
      List<HttpResponse<byte[]>> answers = new ArrayList<>();
      for (Future<HttpResponse<byte[]>> each : asked) {
        answers.add(each.get());
      }
      return answers;
    }
  }

  private static List<String> askForJobs(VoiceApi api, long persona) {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      String text = "A long text, number %d.%sAnd its end.".formatted(i, " ".repeat(800));
      jobs.add(
          VoiceApi.json(
                  api.post(
                      path(persona),
                      JsonMapper.shared().writeValueAsString(Map.of("text", text)),
                      bearer(0)))
              .get("id")
              .asString());
    }
    return jobs;
  }

  private static long ended(VoiceApi api, long persona, List<String> jobs) {
    return jobs.stream()
        .map(job -> VoiceApi.json(api.get(path(persona) + "/" + job, bearer(0))))
        .map((JsonNode job) -> job.get("state").asString())
        .filter("completed"::equals)
        .count();
  }

  private static ServiceProcess start(
      String name,
      Path folder,
      PostgresPart.Database database,
      KafkaPart kafka,
      FakeElevenLabs elevenLabs)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    boolean isWorker = name.contains("worker");
    return ServiceProcess.start(
        VoiceServiceApplication.class,
        Setting.MYBELLA_VOICE_HEAP.defaultValue(),
        database,
        kafka.bootstrapServers(),
        own,
        "--spring.profiles.active=" + (isWorker ? "worker" : ""),
        "--mybella.voice.job.workers=" + (isWorker ? 2 : 0),
        "--mybella.voice.elevenlabs.api-key=made-up",
        // Of Flash an account may have twice as many.
        "--mybella.voice.elevenlabs.model=eleven_multilingual_v2",
        "--mybella.voice.elevenlabs.base-url=" + elevenLabs.baseUrl(),
        "--mybella.services.persona-url=http://127.0.0.1:1",
        "--mybella.blobs.folder=" + folder.resolve("blobs"));
  }

  private static String bearer(int user) {
    return TestTokens.bearer(9_000L + user);
  }

  private static String path(long persona) {
    return "/api/personas/" + persona + "/voice/jobs";
  }
}
