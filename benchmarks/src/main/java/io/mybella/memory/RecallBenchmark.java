package io.mybella.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.load.Session;
import io.mybella.local.LocalPlatform;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.memory.Conversations.Conversation;
import io.mybella.memory.Conversations.Question;
import io.mybella.memory.Conversations.Turn;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures what a persona recalls in a platform that {@code ./mybella up} runs on this machine,
 * over HTTP through the gateway. Conversations of a file in the format of LoCoMo ({@link
 * Conversations}) are played in by batches, the second speaker as the persona; each question is
 * asked, and the share of its evidence among the first 5, 10 and 20 recalled is averaged over all
 * questions. Where vectors are made they are waited for first. Then histories of 1,000, 10,000 and
 * 50,000 turns are asked and searched. A few minutes.
 *
 * <pre>
 * MYBELLA_GATEWAY_LIMIT_PER_CALLER=0 MYBELLA_GATEWAY_LIMIT_PER_ADDRESS=0 \
 *     MYBELLA_HOME=/tmp/measured ./mybella up --detach
 * ./mvnw -q -pl benchmarks -am package -DskipTests
 * MYBELLA_HOME=/tmp/measured java -cp 'benchmarks/target/benchmarks.jar:benchmarks/target/lib/*' \
 *     io.mybella.memory.RecallBenchmark FILE [turns of a long history ...]
 * </pre>
 */
public final class RecallBenchmark {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int BATCH = 500;
  private static final int MOST = 20;
  private static final List<Integer> AT = List.of(5, 10, 20);

  /** Questions that are asked of each long history. */
  private static final int ASKED = 200;

  private final Session session;
  private final VectorsInTheMaking vectors;

  private RecallBenchmark(Session session, VectorsInTheMaking vectors) {
    this.session = session;
    this.vectors = vectors;
  }

  /** Runs everything and prints one line per figure. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      System.err.println("Needs a file of conversations, see the documentation of this class");
      System.exit(2);
    }
    Settings settings = Settings.read(LocalPlatform.projectRoot(), System.getenv());
    String base = "http://127.0.0.1:" + settings.get(Setting.MYBELLA_GATEWAY_PORT);
    var vectors = new VectorsInTheMaking(settings.get(Setting.MYBELLA_MEMORY_MANAGEMENT_PORT));
    var benchmark = new RecallBenchmark(Session.register(base), vectors);
    Conversations conversations = Conversations.read(Path.of(arguments[0]));
    benchmark.recall(conversations);
    List<Integer> sizes = List.of(1_000, 10_000, 50_000);
    if (arguments.length > 1) {
      sizes =
          List.of(arguments).subList(1, arguments.length).stream().map(Integer::valueOf).toList();
    }
    for (int size : sizes) {
      benchmark.longHistory(conversations, size);
    }
  }

  private void recall(Conversations conversations) {
    Map<String, Shares> byCategory = new TreeMap<>();
    long embedding = 0;
    var all = new Shares();
    List<Long> times = new ArrayList<>();
    long storing = 0;
    int turns = 0;
    int nothing = 0;
    int never = 0;
    for (Conversation conversation : conversations.all()) {
      long persona = session.persona();
      long begin = System.nanoTime();
      Map<String, String> ids = store(persona, conversation.turns(), conversation);
      storing += System.nanoTime() - begin;
      turns += conversation.turns().size();
      vectors.await();
      embedding += System.nanoTime() - begin;
      for (Question question : conversation.questions()) {
        begin = System.nanoTime();
        List<String> recalled = recalled(persona, question.text(), ids);
        times.add(System.nanoTime() - begin);
        if (question.evidence().isEmpty()) {
          never++;
          nothing += recalled.isEmpty() ? 1 : 0;
        } else {
          all.take(question, recalled);
          byCategory
              .computeIfAbsent(question.category(), _ -> new Shares())
              .take(question, recalled);
        }
      }
    }
    say("recall, all: " + all);
    byCategory.forEach((category, shares) -> say("recall, " + category + ": " + shares));
    say("never spoken of: nothing recalled for %d of %d questions".formatted(nothing, never));
    say("a question: " + Times.of(times));
    say("a turn stored in batches: %.2f ms (%,d)".formatted(storing / 1e6 / turns, turns));
    say("a turn stored, with its vector: %.2f ms".formatted(embedding / 1e6 / turns));
  }

  /** Returns the ids of the file by those of the platform. */
  private Map<String, String> store(long persona, List<Turn> turns, Conversation speakers) {
    Map<String, String> ids = new HashMap<>();
    for (int begin = 0; begin < turns.size(); begin += BATCH) {
      List<Turn> batch = turns.subList(begin, Math.min(begin + BATCH, turns.size()));
      String answer =
          session.post(
              "/api/personas/%d/messages/batch".formatted(persona),
              JSON.writeValueAsString(
                  Map.of(
                      "messages", batch.stream().map(turn -> message(turn, speakers)).toList())));
      for (JsonNode stored : JSON.readTree(answer).path("messages")) {
        ids.put(stored.path("id").asString(), stored.path("client_message_id").asString());
      }
    }
    return ids;
  }

  private static Map<String, Object> message(Turn turn, Conversation speakers) {
    return Map.of(
        "role",
        turn.speaker().equals(speakers.persona()) ? "assistant" : "user",
        "content",
        turn.text(),
        "created_at",
        turn.at().toString(),
        "client_message_id",
        turn.id(),
        "metadata",
        Map.of("speaker", turn.speaker()));
  }

  private List<String> recalled(long persona, String question, Map<String, String> ids) {
    String answer = session.get(path(persona, "recall?q=", question) + "&limit=" + MOST);
    return JSON.readTree(answer)
        .path("messages")
        .valueStream()
        .map(each -> ids.get(each.path("id").asString()))
        .toList();
  }

  private static String path(long persona, String what, String question) {
    return "/api/personas/%d/memory/%s%s"
        .formatted(persona, what, URLEncoder.encode(question, UTF_8));
  }

  /** The turns of all conversations over and over, twenty a day. */
  private void longHistory(Conversations conversations, int size) {
    List<Turn> said = conversations.all().stream().flatMap(each -> each.turns().stream()).toList();
    Instant begin = Instant.now().minusSeconds(86_400L * (size / 20 + 1));
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Turn turn = said.get(i % said.size());
      turns.add(
          new Turn(
              "T" + i,
              i % 2 == 0 ? "Ann" : "Bob",
              begin.plusSeconds(86_400L * (i / 20) + 30L * (i % 20)),
              turn.text()));
    }
    long persona = session.persona();
    store(persona, turns, new Conversation("Ann", "Bob", List.of(), List.of()));
    vectors.await();
    List<String> questions =
        conversations.all().stream()
            .flatMap(each -> each.questions().stream())
            .map(Question::text)
            .limit(ASKED)
            .toList();
    long first = System.nanoTime();
    session.get(path(persona, "recall?q=", questions.getFirst()));
    say(
        "%,d turns, the first question: %.0f ms"
            .formatted(size, (System.nanoTime() - first) / 1e6));
    time("%,d turns, recall".formatted(size), persona, "recall?q=", questions);
    List<String> words = questions.stream().map(RecallBenchmark::longestWord).toList();
    time("%,d turns, search, newest".formatted(size), persona, "search?q=", words);
    time("%,d turns, search, best".formatted(size), persona, "search?order=best&q=", words);
    // An empty word recalls nothing.
    List<String> nothing = questions.stream().map(_ -> "").toList();
    time("%,d turns, context without".formatted(size), persona, "context?query=", nothing);
    time("%,d turns, context with".formatted(size), persona, "context?query=", questions);
  }

  private static String longestWord(String question) {
    return Arrays.stream(question.split("\\W+"))
        .max(Comparator.comparingInt(String::length))
        .orElse("nothing");
  }

  private void time(String what, long persona, String how, List<String> questions) {
    List<Long> times = new ArrayList<>();
    for (String question : questions) {
      long begin = System.nanoTime();
      session.get(path(persona, how, question));
      times.add(System.nanoTime() - begin);
    }
    say(what + ": " + Times.of(times));
  }

  /** The shares of the evidence of questions among the first that were recalled, added up. */
  private static final class Shares {

    private final double[] sums = new double[AT.size()];
    private int questions;

    void take(Question question, List<String> recalled) {
      questions++;
      for (int i = 0; i < sums.length; i++) {
        long found =
            recalled.stream().limit(AT.get(i)).filter(question.evidence()::contains).count();
        sums[i] += (double) found / question.evidence().size();
      }
    }

    @Override
    public String toString() {
      var text = new StringBuilder();
      for (int i = 0; i < sums.length; i++) {
        text.append("R@%d %.3f, ".formatted(AT.get(i), sums[i] / questions));
      }
      return text + "%d questions".formatted(questions);
    }
  }

  private record Times(List<Long> sorted) {

    static Times of(List<Long> nanos) {
      return new Times(nanos.stream().sorted().toList());
    }

    @Override
    public String toString() {
      return "p50 %.1f ms, p99 %.1f ms (%,d)".formatted(at(0.5), at(0.99), sorted.size());
    }

    private double at(double part) {
      return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(part * sorted.size()))) / 1e6;
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
