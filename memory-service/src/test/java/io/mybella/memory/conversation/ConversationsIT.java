package io.mybella.memory.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ConversationsIT extends MemoryServiceTest {

  @Autowired private Conversations conversations;

  @Test
  void aSwitchOpensTheConversationAndTheMessagesJoinIt() {
    PairId pair = newPair();
    conversations.switched(pair, 1);
    say(pair, "hello");
    assertThat(rows("conversation", of(pair))).isOne();
    assertThat(rows("conversation", of(pair) + " AND message_count = 1")).isOne();
  }

  @Test
  void aSwitchToAPersonaNotHeardOfYetCounts() {
    PairId pair = new PairId(newId(), newId());
    conversations.switched(pair, 1);
    assertThat(rows("conversation", of(pair))).isOne();
  }

  @Test
  void aSwitchBackWithinTheIdleTimeResumesTheConversation() {
    PairId pair = newPair();
    conversations.switched(pair, 1);
    conversations.switched(new PairId(pair.userId(), personaOf(pair.userId())), 2);
    conversations.switched(pair, 3);
    assertThat(rows("conversation", of(pair))).isOne();
  }

  @Test
  void anIdleConversationEndsAndTheNextMessageOpensAnother() {
    PairId pair = newPair();
    say(pair, "in the morning");
    idle(pair, "29 minutes");
    say(pair, "still there");
    assertThat(rows("conversation", of(pair))).isOne();
    idle(pair, "31 minutes");
    say(pair, "in the evening");
    assertThat(rows("conversation", of(pair))).isEqualTo(2);
    assertThat(rows("conversation", of(pair) + " AND ended_at = last_message_at")).isOne();
    assertThat(texts(pair)).containsExactly("in the morning", "still there", "in the evening");
  }

  @Test
  void anOlderSwitchHasNoEffectWhicheverPersonaItNames() {
    PairId now = newPair();
    PairId before = new PairId(now.userId(), personaOf(now.userId()));
    conversations.switched(now, 5);
    conversations.switched(before, 4);
    conversations.switched(before, 5);
    assertThat(rows("conversation", of(before))).isZero();
    assertThat(rows("last_switch", of(now) + " AND version = 5")).isOne();
    conversations.switched(before, 6);
    assertThat(rows("last_switch", of(before) + " AND version = 6")).isOne();
  }

  @Test
  void theVersionOutlivesTheMemoryOfThePersona() {
    PairId pair = newPair();
    conversations.switched(pair, 5);
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    await().until(() -> rows("persona_memory", of(pair)) == 0);
    conversations.switched(pair, 5);
    assertThat(rows("conversation", of(pair))).isZero();
    assertThat(rows("last_switch", "user_id = " + pair.userId() + " AND persona_id IS NULL"))
        .isOne();
  }

  @Test
  void aSwitchToSomebodyElsesPersonaIsRefused() {
    PairId theirs = newPair();
    PairId forged = new PairId(newId(), theirs.personaId());
    assertThatIllegalArgumentException().isThrownBy(() -> conversations.switched(forged, 1));
    assertThat(rows("persona_memory", of(forged))).isZero();
  }

  private void idle(PairId pair, String time) {
    asSuperuser(
        db ->
            db.sql(
                    "UPDATE conversation SET last_message_at = now() - interval '%s' WHERE %s"
                        .formatted(time, of(pair)))
                .update());
  }
}
