package io.mybella.chat.model;

import static io.mybella.chat.PromptMother.conversation;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chat.memory.Context;
import io.mybella.chat.memory.Context.Preference;
import io.mybella.chat.memory.Message;
import io.mybella.chat.prompt.Prompt;
import io.mybella.model.ModelMessage;
import io.mybella.model.ModelMessage.Role;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PromptMessagesTests {

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

    List<ModelMessage> told = PromptMessages.of(prompt);

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
  void whatIsRecalledComesAfterTheHistorySoThatWhatIsBeforeItStaysTheSame() {
    var longAgo =
        new Message(
            UUID.randomUUID(),
            Message.Role.USER,
            "My cat is called Minka.",
            Instant.parse("2023-05-01T10:00:00Z"),
            null);
    var memory = new Context(List.of(), null, List.of(), List.of(longAgo));
    Prompt without = conversation().user("Hi").persona("Hello!").says("And my cat?");
    Prompt with =
        conversation().user("Hi").persona("Hello!").remembering(memory).says("And my cat?");

    List<ModelMessage> told = PromptMessages.of(with);

    assertThat(told.subList(0, 3)).isEqualTo(PromptMessages.of(without).subList(0, 3));
    assertThat(told.get(3).content())
        .contains("2023-05-01T10:00:00Z) the user said: My cat is called Minka.");
    assertThat(told.getLast().content()).isEqualTo("And my cat?");
    assertThat(told).hasSize(5);
  }
}
