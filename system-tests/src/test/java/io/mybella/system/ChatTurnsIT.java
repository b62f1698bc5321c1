package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.TestPlatform;
import io.mybella.system.ApiClient.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** A turn that is taken again, however late and however often at once, has one reply. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class ChatTurnsIT {

  /** More than a reply is based on. */
  private static final int MANY = 25;

  private static final String QUESTION = "What is my name?";
  private static final Map<String, Object> TURN =
      Map.of("content", QUESTION, "client_message_id", "turn");

  @Test
  void aTurnThatIsTakenAgainAfterManyMessagesGetsTheReplyThatIsThere(TestPlatform platform) {
    ApiClient user = ApiClient.register(platform, "Late");
    Answer first = user.post("/api/personas/1/chat", TURN);
    assertThat(first.status()).isEqualTo(200);
    say(user, "My name is Ada");
    IntStream.range(0, MANY).forEach(i -> say(user, "My name is Ada, for the " + i + "th time"));
    long remembered = history(user).size();

    Answer again = user.post("/api/personas/1/chat", TURN);

    assertThat(again.status()).as("%s", again.body()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(history(user)).hasSize((int) remembered);
  }

  @Test
  void turnsThatAreTakenAtTheSameTimeGetOneReply(TestPlatform platform) throws Exception {
    ApiClient user = ApiClient.register(platform, "Hasty");
    Answer stored =
        user.post(
            "/api/personas/1/messages",
            Map.of("role", "user", "content", QUESTION, "client_message_id", "turn"));
    assertThat(stored.status()).isEqualTo(201);
    IntStream.range(0, MANY).forEach(i -> say(user, "Something else, " + i));

    List<Answer> answers = new ArrayList<>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> turns = new ArrayList<>();
      List<Future<?>> others = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int name = i;
        turns.add(callers.submit(() -> user.post("/api/personas/1/chat", TURN)));
        // What a turn knows when it replies differs from that of the others.
        others.add(callers.submit(() -> say(user, "My name is Ada " + name)));
      }
      for (Future<Answer> turn : turns) {
        answers.add(turn.get());
      }
      for (Future<?> other : others) {
        other.get();
      }
    }

    assertThat(answers)
        .allSatisfy(each -> assertThat(each.status()).as("%s", each.body()).isEqualTo(200));
    assertThat(answers)
        .extracting(each -> each.body().path("id").asString())
        .containsOnly(answers.getFirst().body().path("id").asString());
    assertThat(
            history(user).stream().filter(each -> each.path("role").asString().equals("assistant")))
        .hasSize(1);
  }

  @Test
  void whatAPersonaIsToldToRememberItKnowsWhenTheMessageIsFarBehind(TestPlatform platform) {
    ApiClient user = ApiClient.register(platform, "Remembered");
    assertThat(user.post("/api/personas/1/chat", Map.of("content", "Remember that my name is Ada")))
        .extracting(Answer::status)
        .isEqualTo(200);
    say(user, "Please remember that my sister is called Mara.");

    assertThat(learned(user)).containsExactlyInAnyOrder("Ada", "my sister is called Mara");
    IntStream.range(0, MANY).forEach(i -> say(user, "Something else, " + i));
    Answer reply = user.post("/api/personas/1/chat", Map.of("content", QUESTION));

    assertThat(reply.body().path("content").asString()).contains("Ada");
    say(user, "Forget that my sister is called Mara");
    assertThat(learned(user)).containsExactly("Ada");
  }

  @Test
  void whatWasToldLongAgoIsQuotedAndTheReplySaysWhatItWasMadeWith(TestPlatform platform) {
    ApiClient user = ApiClient.register(platform, "Asking");
    Answer told = say(user, "My cat is called Minka and she only eats tuna.");
    IntStream.range(0, MANY).forEach(i -> say(user, "Something else, " + i));

    Answer reply = user.post("/api/personas/1/chat", Map.of("content", "What does my cat eat?"));

    assertThat(reply.body().path("content").asString()).contains("Minka");
    assertThat(ids(reply.body())).containsExactly(told.body().path("id").asString());
    assertThat(ids(history(user).getLast().path("metadata"))).isEqualTo(ids(reply.body()));
  }

  private static List<String> ids(JsonNode recalled) {
    return recalled.path("recalled").valueStream().map(JsonNode::asString).toList();
  }

  /** What the next reply is given. */
  private static List<String> learned(ApiClient user) {
    return user.get("/api/personas/1/memory/context")
        .body()
        .path("preferences")
        .valueStream()
        .map(each -> each.path("value").asString())
        .toList();
  }

  private static Answer say(ApiClient user, String content) {
    Answer said = user.post("/api/personas/1/messages", Map.of("role", "user", "content", content));
    assertThat(said.status()).isEqualTo(201);
    return said;
  }

  private static List<JsonNode> history(ApiClient user) {
    return user.get("/api/personas/1/messages?limit=200")
        .body()
        .path("messages")
        .valueStream()
        .toList();
  }
}
