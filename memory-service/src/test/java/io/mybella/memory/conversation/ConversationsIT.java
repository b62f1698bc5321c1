package io.mybella.memory.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.KnownPersona;
import io.mybella.memory.persona.KnownPersonas;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ConversationsIT extends MemoryServiceTest {

  @Autowired private KnownPersonas known;

  @Test
  void aSwitchOpensTheConversationAndTheMessagesJoinIt() {
    PairId pair = newPair();
    switchTo(pair, 1);
    say(pair, "hello");
    assertThat(rows("conversation", of(pair))).isOne();
    assertThat(rows("conversation", of(pair) + " AND message_count = 1")).isOne();
  }

  @Test
  void aSwitchToAPersonaNotHeardOfYetCounts() {
    PairId pair = new PairId(newId(), newId());
    switchTo(pair, 1);
    assertThat(rows("conversation", of(pair))).isOne();
  }

  @Test
  void aSwitchBackWithinTheIdleTimeResumesTheConversation() {
    PairId pair = newPair();
    switchTo(pair, 1);
    switchTo(new PairId(pair.userId(), personaOf(pair.userId())), 2);
    switchTo(pair, 3);
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
    switchTo(now, 5);
    switchTo(before, 4);
    switchTo(before, 5);
    assertThat(rows("conversation", of(before))).isZero();
    assertThat(rows("last_switch", of(now) + " AND version = 5")).isOne();
    switchTo(before, 6);
    assertThat(rows("last_switch", of(before) + " AND version = 6")).isOne();
  }

  @Test
  void theVersionOutlivesTheMemoryOfThePersona() {
    PairId pair = newPair();
    switchTo(pair, 5);
    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    await().until(() -> rows("persona_memory", of(pair)) == 0);
    switchTo(pair, 5);
    assertThat(rows("conversation", of(pair))).isZero();
    assertThat(rows("last_switch", "user_id = " + pair.userId() + " AND persona_id IS NULL"))
        .isOne();
  }

  @Test
  void aSwitchToSomebodyElsesPersonaIsRefused() {
    PairId theirs = newPair();
    PairId forged = new PairId(newId(), theirs.personaId());
    assertThatIllegalArgumentException().isThrownBy(() -> switchTo(forged, 1));
    assertThat(rows("persona_memory", of(forged))).isZero();
  }

  @Test
  void aSwitchToAPersonaThatIsSwitchedOffIsRefusedToThoseWhomItDoesNotRemember() {
    PairId old = new PairId(newId(), systemPersona());
    PairId late = new PairId(newId(), old.personaId());
    switchTo(old, 1);
    known.learn(new KnownPersona(old.personaId(), null, false, 2));
    switchTo(old, 2);
    assertThat(rows("last_switch", of(old) + " AND version = 2")).isOne();
    assertThatIllegalArgumentException().isThrownBy(() -> switchTo(late, 1));
    assertThat(rows("persona_memory", of(late))).isZero();
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
