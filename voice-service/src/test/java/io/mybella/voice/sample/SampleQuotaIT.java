package io.mybella.voice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.problem.Problem;
import io.mybella.voice.KeylessServiceTest;
import io.mybella.voice.persona.KnownPersona;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One user keeps so many samples and no more, however many uploads there are at once. */
class SampleQuotaIT extends KeylessServiceTest {

  @Autowired CustomVoices voices;
  @Autowired JdbcClient database;

  @Test
  void ofUploadsAtOnceThatTakeTheLastPlaceOneSucceeds() throws Exception {
    long user = 45_100;
    long first = 450_000;
    personas(user, first, 105);
    samples(user, first, 99, 1);

    List<Future<CustomVoice>> uploads = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 99; i < 105; i++) {
        KnownPersona persona = new KnownPersona(first + i, user, null);
        uploads.add(threads.submit(() -> voices.replace(persona, SoundFiles.wav(2), false)));
      }
    }

    assertThat(uploads.stream().filter(each -> each.state() == Future.State.SUCCESS)).hasSize(1);
    assertThat(uploads.stream().filter(each -> each.state() == Future.State.FAILED))
        .hasSize(5)
        .allSatisfy(
            each ->
                assertThat(each.exceptionNow())
                    .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> {
                          assertThat(problem.status()).isEqualTo(HttpStatus.CONFLICT);
                          assertThat(problem.detail()).contains("100 voice samples");
                        }));
    assertThat(count(user)).isEqualTo(100);

    // In place of one of them there is room.
    voices.replace(new KnownPersona(first, user, null), SoundFiles.wav(2), false);
    assertThat(count(user)).isEqualTo(100);
  }

  @Test
  void theBytesOfAllSamplesAreCounted() {
    long user = 45_101;
    long first = 460_000;
    personas(user, first, 27);
    // 26 of 10,324,000 bytes leave less than 12,000 of the 268,435,456.
    samples(user, first, 26, 10_324_000);

    assertThatThrownBy(
            () ->
                voices.replace(new KnownPersona(first + 26, user, null), SoundFiles.wav(2), false))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("256.0 MB")
        .hasMessageContaining("one user may have 256");
    assertThat(count(user)).isEqualTo(26);
    assertThat(
            database
                .sql("select count(*) from loose_sample where blob_key like 'voices/460026/%'")
                .query(Long.class)
                .single())
        .isZero();
  }

  private void personas(long user, long first, int many) {
    database
        .sql(
            """
            insert into known_persona (persona_id, owner_user_id, name, state, version, updated_at)
            select each, ?, 'P', 'active', 1, now() from generate_series(?, ?) as each
            """)
        .params(user, first, first + many - 1)
        .update();
  }

  private void samples(long user, long first, int many, int bytes) {
    database
        .sql(
            """
            insert into voice_sample (id, persona_id, owner_user_id, blob_key, media_type,
                                      size_bytes, duration_ms, consent, created_at)
            select gen_random_uuid(), each, ?, 'voices/' || each || '/x', 'audio/wav', ?, 2000,
                   false, now()
            from generate_series(?, ?) as each
            """)
        .params(user, bytes, first, first + many - 1)
        .update();
  }

  private long count(long user) {
    return database
        .sql("select count(*) from voice_sample where owner_user_id = ?")
        .param(user)
        .query(Long.class)
        .single();
  }
}
