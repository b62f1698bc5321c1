package io.mybella.operator.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.mybella.operator.OldMyBella;
import io.mybella.operator.OldMyBella.Age;
import io.mybella.operator.PlatformAccess;
import io.mybella.operator.QuirkyMyBella;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole import, from a file to what stands for the services. */
class ImportCommandTests {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] PICTURE = "a picture".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SAMPLE = "a sample".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  @TempDir private Path scratch;
  private StandInServices services;

  @BeforeEach
  void start() throws IOException {
    services = new StandInServices();
  }

  @AfterEach
  void stop() {
    assertThat(services.mistakes()).isEmpty();
    services.close();
  }

  /** How it ended and what it said. */
  private record Run(int status, String out, String err) {

    JsonNode json() {
      return JSON.readTree(out);
    }

    JsonNode table(String name) {
      for (JsonNode table : json().path("tables")) {
        if (table.path("name").asString().equals(name)) {
          return table;
        }
      }
      throw new AssertionError("No table " + name + " in " + out);
    }

    /** Read, imported, already there, skipped. */
    List<Integer> counts(String table) {
      return List.of("read", "imported", "already_there", "skipped").stream()
          .map(name -> table(table).path(name).asInt(-1))
          .toList();
    }

    /** Why rows of a table were skipped, with their keys. */
    Map<String, List<String>> reasons(String table) {
      return remarks(table, "reasons");
    }

    Map<String, List<String>> notes(String table) {
      return remarks(table, "notes");
    }

    private Map<String, List<String>> remarks(String table, String kind) {
      Map<String, List<String>> remarks = new TreeMap<>();
      for (JsonNode remark : table(table).path(kind)) {
        List<String> keys = new ArrayList<>();
        remark.path("examples").forEach(key -> keys.add(key.asString()));
        remarks.put(remark.path("what").asString(), keys);
      }
      return remarks;
    }

    void assertAddsUp() {
      for (JsonNode table : json().path("tables")) {
        assertThat(
                table.path("imported").asLong()
                    + table.path("already_there").asLong()
                    + table.path("skipped").asLong())
            .as(table.toString())
            .isEqualTo(table.path("read").asLong(-1));
      }
    }
  }

  private Run run(PlatformAccess access, Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(file.toString(), "--scratch", scratch.toString()));
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(new ImportCommand(() -> access))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    assertThat(scratch).isEmptyDirectory();
    return new Run(status, out.toString(), err.toString());
  }

  private Run runJson(Path file, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--json"));
    arguments.addAll(List.of(more));
    return run(services.access(), file, arguments.toArray(String[]::new));
  }

  private Path quirky() throws SQLException, IOException {
    return QuirkyMyBella.create(folder, PICTURE, SAMPLE);
  }

  @Test
  void accountsForEveryRowOfAFileWithEveryQuirk() throws Exception {
    Run run = runJson(quirky());

    assertThat(run.status()).isEqualTo(ImportCommand.UNPLACED);
    run.assertAddsUp();
    assertThat(run.counts("users")).containsExactly(8, 8, 0, 0);
    assertThat(run.counts("persona_profiles")).containsExactly(7, 6, 0, 1);
    assertThat(run.reasons("persona_profiles"))
        .containsExactly(entry("its user is not in the file", List.of("persona_profiles:13")));
    assertThat(run.counts("(names of no persona)")).containsExactly(3, 3, 0, 0);
    assertThat(run.counts("chat_messages")).containsExactly(26, 23, 0, 3);
    assertThat(run.reasons("chat_messages"))
        .containsExactly(
            entry("it has no text", List.of("chat_messages:117")),
            entry(
                "its user is not in the file", List.of("chat_messages:115", "chat_messages:116")));
    assertThat(run.counts("messages")).containsExactly(6, 5, 1, 0);
    assertThat(run.counts("conversation_memories")).containsExactly(4, 3, 0, 1);
    assertThat(run.counts("user_preferences")).containsExactly(4, 2, 0, 2);
    assertThat(run.counts("user_settings")).containsExactly(5, 2, 0, 3);
    assertThat(run.counts("uploads/persona_pics")).containsExactly(4, 1, 0, 3);
    assertThat(run.counts("uploads/voices")).containsExactly(2, 1, 0, 1);
  }

  @Test
  void writesNoTextOfAnybodyIntoItsReport() throws Exception {
    Run run = run(services.access(), quirky());

    assertThat(run.out())
        .contains("users:5")
        .doesNotContain("sunflowers", "@example.com", "Zo", "etc/passwd", "Wizard", "Long");
  }

  @Test
  void changesNothingTheSecondTime() throws Exception {
    Path file = quirky();
    Run first = runJson(file);
    Map<String, Object> taken = services.everything();

    Run second = runJson(file);

    assertThat(services.everything()).isEqualTo(taken);
    second.assertAddsUp();
    for (JsonNode table : first.json().path("tables")) {
      String name = table.path("name").asString();
      List<Integer> before = first.counts(name);
      assertThat(second.counts(name))
          .as(name)
          .containsExactly(before.get(0), 0, before.get(1) + before.get(2), before.get(3));
    }
  }

  @Test
  void keepsEachHistoryInItsOrder() throws Exception {
    runJson(quirky());

    assertThat(services.order("messages 1001/2010"))
        .containsExactly(
            "chat_messages:101",
            "chat_messages:100",
            "chat_messages:102",
            "chat_messages:103",
            "chat_messages:123",
            "chat_messages:124");
    assertThat(services.order("messages 1002/2012"))
        .containsExactly(
            "messages:5",
            "messages:6",
            "chat_messages:111",
            "chat_messages:112",
            "chat_messages:113",
            "chat_messages:114",
            "chat_messages:118",
            "chat_messages:119",
            "chat_messages:119#2",
            "chat_messages:120");
    assertThat(services.order("messages 1001/2002"))
        .containsExactly(
            "messages:2", "chat_messages:104", "messages:3", "chat_messages:105", "messages:4");
    assertThat(services.row("chat_messages:105").path("created_at").asString())
        .isEqualTo("2024-01-02T10:00:05Z");
    assertThat(services.row("chat_messages:112").path("created_at").asString())
        .isEqualTo("2024-01-06T10:00:00Z");
    assertThat(services.row("chat_messages:114").path("created_at").asString())
        .isEqualTo("2024-01-08T07:46:40Z");
  }

  @Test
  void findsThePersonaThatEachRowMeans() throws Exception {
    runJson(quirky());

    // The id of nobody, and the name of one of the system.
    assertThat(services.order("messages 1001/2001")).containsExactly("chat_messages:106");
    // Nobody's name: an inactive persona of that user's, however the name is written.
    List<String> invented =
        services.order("personas").stream().filter(key -> key.startsWith("dangling:")).toList();
    assertThat(invented).hasSize(3).allMatch(key -> key.matches("dangling:[12]:[0-9a-f]{16}"));
    assertThat(invented)
        .allSatisfy(
            key -> {
              assertThat(services.row(key).path("active").asBoolean(true)).isFalse();
              assertThat(services.row(key).path("old_id").isNull()).isTrue();
            })
        .extracting(key -> services.row(key).path("name").asString())
        .containsExactlyInAnyOrder("long gone", "Persona 12", "Unknown");
    assertThat(services.everything().values())
        .contains(List.of("chat_messages:107", "chat_messages:108"));
    assertThat(services.order("messages 1004/2001")).containsExactly("chat_messages:121");
    // A preference of no persona is not where messages of no persona are.
    assertThat(services.order("preferences 1002/2012")).containsExactly("user_preferences:2");
  }

  @Test
  void tellsTheServicesWhatTheOldAppKnew() throws Exception {
    runJson(quirky());

    JsonNode bella = services.row("chat_messages:100");
    assertThat(bella.path("role").asString()).isEqualTo("assistant");
    assertThat(bella.path("created_at").asString()).isEqualTo("2024-01-01T10:00:02.500Z");
    assertThat(bella.path("model").asString()).isEqualTo("gpt-3.5-turbo");
    assertThat(bella.path("tokens").asInt()).isEqualTo(12);
    assertThat(bella.path("metadata"))
        .isEqualTo(
            JSON.readTree(
                """
                {"legacy": {"sentiment": "sad", "memory_id": "1", "has_crisis_keywords": true}}
                """));
    assertThat(services.row("chat_messages:120").path("content").asString())
        .isEqualTo("A NUL  in the middle.");
    String whole =
        services.row("chat_messages:119").path("content").asString()
            + services.row("chat_messages:119#2").path("content").asString();
    assertThat(whole).isEqualTo("🌻 and so on. ".repeat(3_000));
    assertThat(services.row("conversation_memories:1").path("important_facts"))
        .isEqualTo(JSON.readTree("[\"loves sunflowers\", \"{\\\"has\\\":\\\"a garden\\\"}\"]"));
    assertThat(services.row("conversation_memories:1").path("key_topics"))
        .isEqualTo(JSON.readTree("[\"garden\", \"sunflowers\"]"));
    assertThat(services.row("conversation_memories:2").path("important_facts"))
        .isEqualTo(JSON.readTree("[\"{broken\"]"));
    assertThat(services.row("conversation_memories:4").path("last_updated").asString())
        .isEqualTo("2024-01-12T10:00:01Z");
    assertThat(services.row("user_preferences:2").path("confidence").asDouble()).isEqualTo(1.0);
    assertThat(services.row("user_settings:1").path("persona_id").asLong()).isEqualTo(2010);
    assertThat(services.row("user_settings:3").path("persona_id").asLong()).isEqualTo(2012);
    assertThat(services.row("users:3").path("role").asString()).isEqualTo("admin");
    assertThat(services.row("users:4").path("active").asBoolean(true)).isFalse();
    assertThat(services.row("users:5").path("email").asString())
        .isEqualTo("imported-5@mybella.invalid");
    assertThat(services.row("persona_profiles:10").path("owner_user_id").asLong()).isEqualTo(1001);
    assertThat(services.row("persona_profiles:2").path("owner_user_id").isNull()).isTrue();
    assertThat(services.row("persona_profiles:14").path("name").asString()).isEqualTo("Persona 14");
  }

  @Test
  void bringsUploadsAlongAndNothingFromElsewhere() throws Exception {
    Run run = runJson(quirky());

    assertThat(services.files())
        .containsOnlyKeys("pictures/2011", "samples/1002/2012")
        .containsEntry("pictures/2011", PICTURE);
    assertThat(run.reasons("uploads/persona_pics"))
        .containsExactly(
            entry(
                "its file is a link that leads out of the folder: refused",
                List.of("persona_pics:10")),
            entry(
                "its file lies elsewhere in the web, and is not fetched",
                List.of("persona_pics:2")),
            entry(
                "the name of its file leads out of the folder: refused",
                List.of("persona_pics:12")));
    assertThat(run.reasons("uploads/voices"))
        .containsExactly(entry("its file is missing", List.of("voices:10")));
  }

  @Test
  void sendsNoFileThatIsFarTooLarge() throws Exception {
    Path file = QuirkyMyBella.create(folder, new byte[(6 << 20) + 1], SAMPLE);

    Run run = runJson(file);

    assertThat(run.reasons("uploads/persona_pics"))
        .containsEntry("its file is too large", List.of("persona_pics:11"));
    assertThat(services.files()).containsOnlyKeys("samples/1002/2012");
  }

  @Test
  void namesWhatHasNoPlace() throws Exception {
    JsonNode report = runJson(quirky()).json();

    Map<String, Long> columns = new TreeMap<>();
    report
        .path("no_place")
        .forEach(each -> columns.put(each.path("column").asString(), each.path("values").asLong()));
    assertThat(columns)
        .containsExactly(
            entry("conversation_memories.message_count", 1L),
            entry("conversation_memories.session_id", 1L),
            entry("conversation_memories.tokens_used", 1L),
            entry("persona_profiles.voice_settings", 1L),
            entry("user_settings.mode", 1L),
            entry("user_settings.tts_enabled", 1L),
            entry("users.gender", 1L),
            entry("users.profile_picture", 1L));
    assertThat(report.path("other_tables"))
        .isEqualTo(JSON.readTree("[{\"table\": \"mood_entries\", \"rows\": 1}]"));
  }

  @ParameterizedTest
  @EnumSource(Age.class)
  void readsAnEmptyFileOfEachAge(Age age) throws Exception {
    Path file = folder.resolve("old.db");
    OldMyBella.create(file, age).close();

    Run run = runJson(file);

    assertThat(run.status()).isEqualTo(ImportCommand.PLACED);
    run.assertAddsUp();
  }

  @Test
  void readsTheFirstAge() throws Exception {
    Path file = folder.resolve("old.db");
    try (OldMyBella old = OldMyBella.create(file, Age.FIRST)) {
      old.insert("users", "id", 1, "email", "ada@example.com");
      old.insert("persona_profiles", "id", 1, "name", "Isabella");
      old.insert("messages", "user_id", 1, "role", "user", "content", "Hi", "persona", "isabella");
      old.insert("user_settings", "user_id", 1, "current_persona", "ISABELLA");
    }

    Run run = runJson(file);

    assertThat(run.status()).as(run.out()).isEqualTo(ImportCommand.PLACED);
    assertThat(services.order("messages 1001/2001")).containsExactly("messages:1");
    assertThat(services.row("user_settings:1").path("persona_id").asLong()).isEqualTo(2001);
    assertThat(run.notes("messages"))
        .containsOnlyKeys("its time cannot be read: that of the message before it was taken");
  }

  @Test
  void writesNothingWhenItIsOnlyTried() throws Exception {
    Run dry = run(services.access("wrong"), quirky(), "--dry-run", "--json");

    assertThat(services.requests()).isEmpty();
    dry.assertAddsUp();
    assertThat(dry.json().path("dry_run").asBoolean()).isTrue();
    Run real = runJson(folder.resolve("mybella.db"));
    for (JsonNode table : real.json().path("tables")) {
      assertThat(dry.table(table.path("name").asString())).isEqualTo(table);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 503, -1})
  void triesAgainWhatComesToNothingForNow(int status) throws Exception {
    Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
    services.fault(
        request ->
            tries.computeIfAbsent(request.endpoint(), e -> new AtomicInteger()).incrementAndGet()
                    <= 2
                ? status
                : 200);

    Run run = runJson(quirky());

    run.assertAddsUp();
    assertThat(run.counts("chat_messages")).containsExactly(26, 23, 0, 3);
    assertThat(services.order("messages 1001/2010")).hasSize(6);
  }

  @Test
  void goesOnWhereItWasStopped() throws Exception {
    Path file = quirky();
    StandInServices whole = new StandInServices();
    run(whole.access(), file);
    // Whatever is the last request that is answered, the same again comes to the same end.
    for (int last = 1; last < whole.requests().size(); last += 4) {
      try (StandInServices interrupted = new StandInServices()) {
        int end = last;
        interrupted.fault(request -> request.number() <= end ? 200 : 503);
        Run stopped = run(interrupted.access(), file, "--patience", "1", "--json");
        interrupted.fault(request -> 200);
        Run second = run(interrupted.access(), file, "--json");

        assertThat(stopped.status()).isEqualTo(ImportCommand.UNAVAILABLE);
        assertThat(stopped.json().path("complete").asBoolean(true)).isFalse();
        second.assertAddsUp();
        assertThat(interrupted.everything().keySet())
            .containsExactlyElementsOf(whole.everything().keySet());
        assertThat(interrupted.order("messages 1001/2010"))
            .isEqualTo(whole.order("messages 1001/2010"));
      }
    }
    whole.close();
  }

  /** With one table alone nothing else makes its references distinct. */
  @Test
  void countsEachMessageOnceWhereNoOtherTableNamesPersonas() throws Exception {
    Path file = folder.resolve("old.db");
    try (OldMyBella old = friends(file)) {
      old.insertMany(40, 1, 2)
          .execute("DROP TABLE messages")
          .execute("DROP TABLE conversation_memories")
          .execute("DROP TABLE user_preferences");
    }

    Run run = runJson(file);

    run.assertAddsUp();
    assertThat(run.counts("chat_messages")).containsExactly(40, 40, 0, 0);
  }

  @Test
  void findsTheRowThatABatchIsRefusedFor() throws Exception {
    Path file = folder.resolve("old.db");
    try (OldMyBella old = friends(file)) {
      old.insertMany(1_200, 1, 1);
    }
    services.fault(
        request -> {
          for (JsonNode row : request.body().path("rows")) {
            if (row.path("key").asString().endsWith(":777")) {
              return 400;
            }
          }
          return 200;
        });

    Run run = runJson(file);

    assertThat(run.status()).isEqualTo(ImportCommand.UNPLACED);
    assertThat(run.counts("chat_messages")).containsExactly(1_200, 1_199, 0, 1);
    assertThat(run.reasons("chat_messages"))
        .containsExactly(
            entry("refused by memory-service: as it was told to", List.of("chat_messages:777")));
  }

  @Test
  void countsForNoFailureWhatAUserDeletedHere() throws Exception {
    Path file = folder.resolve("old.db");
    try (OldMyBella old = friends(file)) {
      old.insertMany(10, 1, 1);
    }
    services.refuse(
        row ->
            row.path("key").asString().startsWith("chat_messages")
                ? "deleted here since it was imported"
                : "");

    Run run = runJson(file);

    assertThat(run.status()).isEqualTo(ImportCommand.PLACED);
    assertThat(run.counts("chat_messages")).containsExactly(10, 0, 0, 10);
  }

  @Test
  void saysWhyNothingOfAUserCameWhoseAccountDidNot() throws Exception {
    services.refuse(
        row ->
            row.path("key").asString().equals("users:1")
                ? "somebody here has its address, and may be another person"
                : "");

    Run run = runJson(quirky());

    run.assertAddsUp();
    assertThat(run.reasons("chat_messages"))
        .containsKey(
            "its user was not imported: somebody here has its address, and may be another person");
    assertThat(run.reasons("persona_profiles"))
        .containsKey(
            "its user was not imported: somebody here has its address, and may be another person");
    assertThat(services.everything().keySet()).noneMatch(key -> key.contains("1001/"));
  }

  @Test
  void refusesToBeginWithoutTheToken() throws Exception {
    Path file = quirky();
    Run wrong = run(services.access("wrong"), file);
    Run none = run(services.access(""), file);

    assertThat(wrong.status()).isEqualTo(ImportCommand.UNAVAILABLE);
    assertThat(wrong.err()).contains("gateway refuses the operator's token");
    assertThat(none.status()).isEqualTo(ImportCommand.UNAVAILABLE);
    assertThat(none.err()).contains("MYBELLA_OPERATOR_TOKEN is not set");
    assertThat(services.requests()).isEmpty();
  }

  @Test
  void saysThatNothingAnswers() throws Exception {
    Path file = quirky();
    PlatformAccess gone = services.access();
    services.close();

    Run run = run(gone, file, "--patience", "1");

    assertThat(run.status()).isEqualTo(ImportCommand.UNAVAILABLE);
    assertThat(run.err()).contains("gateway does not answer at", "does the platform run?");
  }

  @Test
  void saysWhatIsWrongWithTheFileAsAProgramMayReadIt() {
    Run run = runJson(folder.resolve("nothing.db"));

    assertThat(run.status()).isEqualTo(ImportCommand.UNREADABLE);
    assertThat(run.json().path("error").path("kind").asString()).isEqualTo("missing");
    assertThat(services.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--source=No Name",
        "--same-email=perhaps",
        "--patience=0",
        "--uploads=/nowhere",
        "--x"
      })
  void refusesACommandLineThatMeansNothing(String argument) throws Exception {
    assertThat(run(services.access(), quirky(), argument).status()).isEqualTo(2);
  }

  @Test
  void bringsManyPairsSideBySideAndEachInItsOrder() throws Exception {
    Path file = folder.resolve("old.db");
    try (OldMyBella old = friends(file)) {
      old.insertMany(20_000, 7, 3);
    }

    Run run = runJson(file);

    assertThat(run.counts("chat_messages")).containsExactly(20_000, 20_000, 0, 0);
    assertThat(services.everything().keySet())
        .filteredOn(key -> key.startsWith("order of messages"))
        .hasSize(21);
    List<String> one = services.order("messages 1003/2002");
    assertThat(one).hasSizeGreaterThan(900);
    assertThat(one.stream().map(key -> Integer.parseInt(key.substring("chat_messages:".length()))))
        .isSorted();
  }

  /** A file with users and personas of the system, seven of each. */
  private static OldMyBella friends(Path file) throws SQLException {
    OldMyBella old = OldMyBella.create(file, Age.LAST);
    for (int i = 1; i <= 7; i++) {
      old.insert("users", "id", i, "email", "user" + i + "@example.com");
      old.insert("persona_profiles", "id", i, "name", "Persona of all " + i);
    }
    return old;
  }
}
