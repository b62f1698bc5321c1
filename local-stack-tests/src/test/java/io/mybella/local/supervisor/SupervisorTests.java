package io.mybella.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mybella.local.StandInProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SupervisorTests {

  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(1));
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(10));

  @TempDir private Path folder;
  private final List<String> progress = new CopyOnWriteArrayList<>();
  private Supervisor supervisor;

  @BeforeEach
  void create() {
    supervise(LIMITS);
  }

  @AfterEach
  void close() {
    supervisor.close();
  }

  private void supervise(Limits limits) {
    supervisor = new Supervisor(folder, QUICK, limits, progress::add);
  }

  @Test
  void aHealthyPartIsRecordedWithItsProcess() {
    Program part = standIn("calm", Map.of());
    supervisor.start(List.of(part));

    RunRecord record = RunRecord.read(folder, "calm").orElseThrow();
    assertThat(record.state()).isEqualTo(State.HEALTHY);
    assertThat(record.port()).isEqualTo(part.port());
    assertThat(record.living()).map(ProcessHandle::pid).contains(supervisor.pid("calm"));
    assertThat(progress).singleElement().asString().contains("calm", "healthy after");
  }

  @Test
  void aKilledPartIsStartedAgainAndTheRestartIsTold() {
    supervisor.start(List.of(standIn("victim", Map.of())));
    long first = supervisor.pid("victim");

    kill("victim");

    awaitHealthyAfter("victim", first);
    assertThat(restarts("victim")).isEqualTo(1);
    assertThat(progress)
        .anySatisfy(line -> assertThat(line).contains("victim", "SIGKILL", "again in 0.1 s"));
  }

  @Test
  void theWaitDoublesWithEveryCrashInARow() {
    supervisor.start(List.of(standIn("victim", Map.of())));
    for (int crash = 1; crash <= 3; crash++) {
      long pid = supervisor.pid("victim");
      kill("victim");
      awaitHealthyAfter("victim", pid);
    }
    assertThat(progress.stream().filter(line -> line.contains("again in")))
        .extracting(line -> line.substring(line.indexOf("again in")))
        .containsExactly("again in 0.1 s", "again in 0.2 s", "again in 0.4 s");
  }

  @Test
  void aPartThatNeverBecomesHealthyIsGivenUpWithTheEndOfItsLog() {
    Program part = standIn("hopeless", Map.of("MYBELLA_STAND_IN_FATE", "crash"));
    assertThatThrownBy(() -> supervisor.start(List.of(part)))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("hopeless ended with exit code 7, 3 times in a row")
        .hasMessageContaining("The stand-in crashes, as it was told to.")
        .hasMessageContaining("hopeless.log");
    assertThat(supervisor.state("hopeless")).isEqualTo(State.FAILED);
  }

  @Test
  void aPartThatStaysSickIsEndedWhenItsTimeIsOver() {
    supervise(new Limits(Duration.ofSeconds(2), LIMITS.silence(), LIMITS.killed()));
    Program part = standIn("sick", Map.of("MYBELLA_STAND_IN_FATE", "sick"));
    assertThatThrownBy(() -> supervisor.start(List.of(part)))
        .hasMessageContaining("sick was not healthy after 2 s");
    assertThat(Ports.owner(part.port())).isEmpty();
  }

  @Test
  void aPartThatGivesNoAnswerForLongIsEndedAndStartedAnew() {
    supervise(new Limits(LIMITS.start(), Duration.ofSeconds(3), LIMITS.killed()));
    Program part = standIn("mute", Map.of());
    supervisor.start(List.of(part));
    long first = supervisor.pid("mute");

    assertThat(Program.probe(part.port(), "/hang")).isFalse();

    awaitHealthyAfter("mute", first);
    assertThat(ProcessHandle.of(first).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(restarts("mute")).isEqualTo(1);
    assertThat(progress)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("mute", "gave no answer for 3.0 s and was ended", "again in 0.1 s"));
    RunRecord record = RunRecord.read(folder, "mute").orElseThrow();
    assertThat(record.restarts()).isEqualTo(1);
    assertThat(record.lastEnd()).contains("gave no answer");
  }

  /** Its database may be away, and a new start would bring it back no sooner. */
  @Test
  void aPartThatSaysItIsNotReadyIsLeftAlone() {
    supervise(new Limits(LIMITS.start(), Duration.ofSeconds(2), LIMITS.killed()));
    Program part = standIn("waiting", Map.of());
    supervisor.start(List.of(part));
    long first = supervisor.pid("waiting");

    assertThat(Program.probe(part.port(), "/unready")).isTrue();

    RunRecord record = RunRecord.read(folder, "waiting").orElseThrow();
    assertThat(record.isHealthy()).isFalse();
    await()
        .during(Duration.ofSeconds(3))
        .atMost(PATIENCE)
        .until(() -> supervisor.pid("waiting") == first);
    assertThat(restarts("waiting")).isZero();
  }

  @Test
  void aPartThatCannotBeEndedKeepsNoOtherFromItsEnd() {
    supervise(new Limits(LIMITS.start(), LIMITS.silence(), Duration.ofMillis(200)));
    supervisor.start(
        List.of(standIn("database", Map.of())),
        List.of(new Immortal("first"), new Immortal("second")));
    long database = supervisor.pid("database");

    assertThatThrownBy(() -> supervisor.close(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("first cannot be ended")
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .asString()
                    .contains("second cannot be ended"));

    assertThat(ProcessHandle.of(database).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(progress).anySatisfy(line -> assertThat(line).contains("first cannot be ended"));
    supervise(LIMITS);
  }

  /** However long the others take: a look at a part's health in between does not end it. */
  @Test
  void whatIsNeededGoesOnUntilAllThatNeedItAreGone() {
    Duration interval = Duration.ofMillis(10);
    supervise(new Limits(LIMITS.start(), interval.multipliedBy(12), LIMITS.killed()));
    Asked database = new Asked("database");
    Asked door = new Asked("door");
    supervisor.start(List.of(database), List.of(door));

    CompletableFuture<Void> close = CompletableFuture.runAsync(supervisor::close);
    assertThat(door.asked).succeedsWithin(PATIENCE);
    await()
        .during(interval.multipliedBy(30))
        .atMost(PATIENCE)
        .until(() -> !database.asked.isDone());
    assertThat(supervisor.state("database")).isEqualTo(State.HEALTHY);
    door.exit.complete("ended");

    assertThat(database.asked).succeedsWithin(PATIENCE);
    database.exit.complete("ended");
    assertThat(close).succeedsWithin(PATIENCE);
  }

  @Test
  void whatCrashesWhileAllIsBeingEndedIsNotStartedAgain() {
    Asked database = new Asked("database");
    Asked door = new Asked("door");
    supervisor.start(List.of(database), List.of(door));

    CompletableFuture<Void> close = CompletableFuture.runAsync(supervisor::close);
    assertThat(door.asked).succeedsWithin(PATIENCE);
    database.exit.complete("was killed");
    await().atMost(PATIENCE).until(() -> supervisor.state("database") == State.ENDED);
    door.exit.complete("ended");

    assertThat(close).succeedsWithin(PATIENCE);
    assertThat(progress).noneMatch(line -> line.contains("again"));
  }

  /** Ends when the test says so, some time after it was asked to. */
  private static final class Asked extends Immortal {

    private final CompletableFuture<Void> asked = new CompletableFuture<>();

    private Asked(String name) {
      super(name);
    }

    @Override
    public void askToEnd() {
      asked.complete(null);
    }
  }

  @Test
  void aPartThatAsksForTimeIsNotGivenUp() {
    Duration limit = Duration.ofMillis(200);
    supervise(new Limits(limit, LIMITS.silence(), LIMITS.killed()));
    Recovering part = new Recovering();
    CompletableFuture<Void> start =
        CompletableFuture.runAsync(() -> supervisor.start(List.of(part)));
    await().during(limit.multipliedBy(3)).atMost(PATIENCE).until(() -> !start.isDone());

    part.recovered = true;

    assertThat(start).succeedsWithin(PATIENCE);
    assertThat(restarts("recovering")).isZero();
  }

  private static final class Recovering extends Immortal {

    private volatile boolean recovered;

    private Recovering() {
      super("recovering");
    }

    @Override
    public boolean isHealthy() {
      return recovered;
    }

    @Override
    public boolean asksForTime() {
      return !recovered;
    }

    @Override
    public void askToEnd() {
      exit.complete("ended");
    }
  }

  /** What hangs in the operating system does not even end when it is killed. */
  private static class Immortal implements Part, Part.Run {

    private final String name;

    /** Where a subclass has an end after all, it completes this. */
    final CompletableFuture<String> exit = new CompletableFuture<>();

    private Immortal(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public String address() {
      return "";
    }

    @Override
    public Path log() {
      return Path.of(name);
    }

    @Override
    public Run start() {
      return this;
    }

    @Override
    public long pid() {
      return 0;
    }

    @Override
    public boolean isHealthy() {
      return true;
    }

    @Override
    public boolean answers(Duration limit) {
      return true;
    }

    @Override
    public CompletableFuture<String> onExit() {
      return exit;
    }

    @Override
    public void askToEnd() {}

    @Override
    public void kill() {}
  }

  @Test
  void theEndComesInReverseOrderAndLeavesNothingBehind() throws IOException {
    Path diary = folder.resolve("diary");
    Map<String, String> environment = Map.of("MYBELLA_STAND_IN_DIARY", diary.toString());
    supervisor.start(List.of(standIn("database", environment)));
    supervisor.start(
        List.of(standIn("service", environment)), List.of(standIn("door", environment)));
    List<RunRecord> records = RunRecord.readAll(folder);
    assertThat(records).hasSize(3);

    supervisor.close();

    assertThat(Files.readAllLines(diary))
        .filteredOn(line -> line.endsWith(" ended"))
        .containsExactly("door ended", "service ended", "database ended");
    assertThat(records).allSatisfy(record -> assertThat(record.living()).isEmpty());
    assertThat(RunRecord.readAll(folder)).isEmpty();
    assertThat(supervisor.state("door")).isEqualTo(State.ENDED);
  }

  @Test
  void anEndedPartStaysDownUntilItIsStartedAgain() {
    Program part = standIn("ended", Map.of());
    supervisor.start(List.of(part), List.of(standIn("other", Map.of())));
    long first = supervisor.pid("ended");
    long other = supervisor.pid("other");

    supervisor.end("ended");
    assertThat(supervisor.state("ended")).isEqualTo(State.ENDED);
    assertThat(Program.probe(part.port(), null)).isFalse();
    await()
        .during(Duration.ofMillis(500))
        .atMost(PATIENCE)
        .until(() -> !Program.probe(part.port(), null));

    supervisor.start(List.of(part));
    assertThat(supervisor.state("ended")).isEqualTo(State.HEALTHY);
    assertThat(supervisor.pid("ended")).isNotEqualTo(first);
    assertThat(restarts("ended")).isZero();
    assertThat(supervisor.pid("other")).isEqualTo(other);
    assertThatThrownBy(() -> supervisor.start(List.of(part)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Two parts with the name ended");
  }

  /** The one that needs it is started when the other is healthy, and a third does not wait. */
  @Test
  void aPartStartsWhenWhatItNeedsIsHealthy() throws IOException {
    Path diary = folder.resolve("diary");
    Map<String, String> environment = Map.of("MYBELLA_STAND_IN_DIARY", diary.toString());
    Program database =
        standIn(
            "database",
            Map.of("MYBELLA_STAND_IN_DIARY", diary.toString(), "MYBELLA_STAND_IN_FATE", "slow"));
    Part service = needing("database", standIn("service", environment));

    supervisor.start(List.of(database, standIn("other", environment)), List.of(service));

    assertThat(Files.readAllLines(diary))
        .containsSubsequence("other started", "database healthy", "service started")
        .containsSubsequence("database started", "database healthy");
    assertThat(supervisor.timeToStart("database")).isPresent();
    assertThatThrownBy(() -> supervisor.start(List.of(needing("nobody", database))))
        .hasMessageContaining("No part is named nobody");
  }

  @Test
  void passwordsOfTheEnvironmentStandOnNoCommandLineAndInNoRecord() throws IOException {
    supervisor.start(
        List.of(standIn("discreet", Map.of("MYBELLA_DB_APP_PASSWORD", "s3cr3t-canary"))));
    ProcessHandle process = ProcessHandle.of(supervisor.pid("discreet")).orElseThrow();
    assertThat(process.info().commandLine().orElse("")).doesNotContain("s3cr3t-canary");
    try (var files = Files.list(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("s3cr3t"));
    }
  }

  @Test
  void aPartThatIsToldToTidyCollectsItsGarbageAndGoesOn() throws IOException {
    Path collections = folder.resolve("collections.log");
    Program part = standIn("tidy", Map.of(), "-Xlog:gc:file=" + collections);
    supervisor.start(List.of(part));

    supervisor.tidy();
    supervisor.tidy();

    await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(collections).split("System.gc\\(\\)", -1).length == 3);
    assertThat(supervisor.state("tidy")).isEqualTo(State.HEALTHY);
  }

  private int restarts(String part) {
    return RunRecord.read(folder, part).orElseThrow().restarts();
  }

  private void kill(String part) {
    assertThat(ProcessHandle.of(supervisor.pid(part)).map(ProcessHandle::destroyForcibly))
        .contains(true);
  }

  private void awaitHealthyAfter(String part, long oldPid) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                supervisor.state(part) == State.HEALTHY
                    && supervisor.pid(part) != oldPid
                    && supervisor.pid(part) > 0);
  }

  /** The same program, started when another part is healthy. */
  private static Program needing(String part, Program program) {
    return new Program(
        program.name(),
        program.port(),
        program.address(),
        program.log(),
        program.command(),
        program.environment(),
        program.probe(),
        Set.of(part),
        program.before());
  }

  private Program standIn(String name, Map<String, String> environment, String... options) {
    return StandInProgram.in(folder, name, environment, options);
  }
}
