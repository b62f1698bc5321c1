package io.mybella.chat.model;

import static io.mybella.chat.PromptMother.conversation;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chat.memory.Context;
import io.mybella.chat.memory.Context.Preference;
import io.mybella.chat.prompt.Prompt;
import io.mybella.model.ModelMessage;
import io.mybella.model.ModelMessage.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptMessagesTests {

  private final PromptMessages messages = new PromptMessages(100);

  @Test
  void theModelIsToldWhoItIsWhatIsKnownAndWhatWasSaid() {
    var memory =
        new Context(
            List.of(),
            "They talked about stars.",
            List.of(
                new Preference("hobby", "instrument", "piano"),
                new Preference("remembered", "i sing", "I sing!")),
            List.of());
    Prompt prompt = conversation().user("Hi").persona("Hello!").remembering(memory).says("And?");

    List<ModelMessage> told = messages.of(prompt);

    assertThat(told)
        .extracting(ModelMessage::role)
        .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER);
    assertThat(told.getLast().content()).isEqualTo("And?");
    assertThat(told.getFirst().content())
        .contains("You are Maya")
        .contains("philosophical")
        .contains("They talked about stars.")
        .contains("instrument is piano")
        .contains("You know about the user: \"I sing!\"\n");
  }

  @Test
  void theOldestMessagesStayAwayWhenTheHistoryIsTooLong() {
    Prompt prompt =
        conversation().user("a".repeat(150)).persona("b".repeat(60)).user("c").says("d");

    assertThat(messages.of(prompt).stream().skip(1).map(ModelMessage::content))
        .containsExactly("b".repeat(60), "c", "d");
  }
}
