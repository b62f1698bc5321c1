package io.mybella.voice.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.voice.KeylessServiceTest;
import io.mybella.voice.audio.SpeechFormat;
import io.mybella.voice.recording.Ear;
import io.mybella.voice.recording.Listening;
import io.mybella.voice.recording.Recordings;
import io.mybella.voice.recording.SpeechKey;
import io.mybella.voice.recording.Voice;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Another instance was told of an erasure. */
class SpeechOfErasedIT extends KeylessServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long USER = 43_000;
  private static final long PERSONA = 79_000;

  @Autowired ErasedAccounts accounts;
  @Autowired JdbcClient database;
  @Autowired AutowireCapableBeanFactory beans;

  @Test
  void itsSpeechEndsOnThisOneToo() throws IOException {
    Recordings here = beans.createBean(Recordings.class);
    SpeechOfErased erased = new SpeechOfErased(here, database);
    database
        .sql(
            """
            insert into known_persona (persona_id, owner_user_id, name, state, version, updated_at)
            values (?, ?, 'P', 'active', 1, now())
            """)
        .params(PERSONA, USER)
        .update();
    Voice ofPersona = new Voice().says(10);
    Voice ofUser = new Voice().says(10);
    Voice ofAnother = new Voice().says(10);
    try (Listening one = here.listen(key(USER + 1, PERSONA), new Ear(1), ofPersona);
        Listening two = here.listen(key(USER, PERSONA + 1), new Ear(2), ofUser);
        Listening three = here.listen(key(USER + 1, PERSONA + 1), new Ear(3), ofAnother)) {
      for (Listening each : new Listening[] {one, two, three}) {
        assertThat(each.next()).hasSize(10);
      }
      erased.end();
      assertThat(here.personas()).hasSize(2);

      database
          .sql(
              """
              update known_persona set state = 'deleted', owner_user_id = null, name = null
              where persona_id = ?
              """)
          .param(PERSONA)
          .update();
      accounts.mark(USER, UUID.randomUUID());
      erased.end();

      assertThatIOException().isThrownBy(one::next);
      assertThatIOException().isThrownBy(two::next);
      await().atMost(LIMIT).until(() -> ofPersona.closed() == 1 && ofUser.closed() == 1);
      ofAnother.says(10).ends();
      assertThat(three.next()).hasSize(10);
      assertThat(three.next()).isNull();
    }
  }

  private static SpeechKey key(long user, long persona) {
    return SpeechKey.of(user, persona, "default", "engine", SpeechFormat.MP3, "Hello.");
  }
}
