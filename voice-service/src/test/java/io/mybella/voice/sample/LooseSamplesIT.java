package io.mybella.voice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.blob.BlobStoreException;
import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.testing.FilesBelow;
import io.mybella.voice.KeylessServiceTest;
import io.mybella.voice.persona.KnownPersona;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** No file stays in the blob store without a sample, whatever happens between the two. */
class LooseSamplesIT extends KeylessServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final AtomicLong PERSONAS = new AtomicLong(77_000);
  private static final long USER = 41_000;

  @Autowired CustomVoices voices;
  @Autowired LooseSamples loose;
  @Autowired JdbcClient database;
  @Autowired TransactionTemplate transaction;
  @Autowired MeterRegistry meters;
  private KnownPersona persona;

  @BeforeEach
  void aPersona() {
    persona = new KnownPersona(PERSONAS.incrementAndGet(), USER, null);
    database
        .sql(
            """
            insert into known_persona (persona_id, owner_user_id, name, state, version, updated_at)
            values (?, ?, 'P', 'active', 1, now())
            """)
        .params(persona.id(), USER)
        .update();
  }

  @Test
  void aFileThatACrashLeftIsSweptAwayAfterAWhile() throws IOException {
    // As far as an upload gets whose process is killed before the commit.
    loose.store(key("crashed"), SoundFiles.wav(2));
    assertThat(files()).hasSize(1);
    assertThat(counted()).isEqualTo(1);

    loose.sweep();
    assertThat(files()).as("it may still be taken").hasSize(1);
    assertThat(counted()).isEqualTo(1);

    makeOld();
    loose.sweep();
    assertThat(files()).isEmpty();
    assertThat(counted()).isZero();
  }

  @Test
  void theFileOfASampleStaysHoweverOldItIs() throws IOException {
    String first = voices.replace(persona, SoundFiles.wav(2), false).blobKey();
    assertThat(counted()).isZero();
    makeOld();
    loose.sweep();
    loose.discard(first);
    assertThat(files()).containsExactly(first);

    String second = voices.replace(persona, SoundFiles.wav(3), false).blobKey();
    assertThat(files()).containsExactly(second);
    voices.remove(persona);
    assertThat(files()).isEmpty();
    assertThat(counted()).isZero();
  }

  @Test
  void theFileOfARefusedSampleIsRemovedAtOnce() throws IOException {
    database
        .sql(
            """
            update known_persona set state = 'deleted', owner_user_id = null, name = null
            where persona_id = ?
            """)
        .param(persona.id())
        .update();

    assertThatThrownBy(() -> voices.replace(persona, SoundFiles.wav(2), false))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("Persona not found");
    assertThat(files()).isEmpty();
    assertThat(counted()).isZero();
  }

  @Test
  void whatCannotBeRemovedNowIsRemovedLaterAndTheCallerIsNotBothered() throws IOException {
    String first = voices.replace(persona, SoundFiles.wav(2), false).blobKey();
    Path stuck = folder().resolve(first);
    // In place of the file, a folder that is not empty: it cannot be deleted as a file can.
    Files.delete(stuck);
    Path inside = Files.createFile(Files.createDirectory(stuck).resolve("inside"));

    String second = voices.replace(persona, SoundFiles.wav(3), false).blobKey();
    assertThat(voices.of(persona)).map(CustomVoice::blobKey).contains(second);
    assertThat(counted()).isEqualTo(1);
    makeOld();
    assertThatThrownBy(loose::sweep).isInstanceOf(BlobStoreException.class);
    assertThat(counted()).isEqualTo(1);

    Files.delete(inside);
    loose.sweep();
    assertThat(stuck).doesNotExist();
    assertThat(counted()).isZero();
    assertThat(files()).containsExactly(second);
  }

  @Test
  void whoComesTooLateForAFileThatWasSweptIsToldToTryAgain() {
    loose.store(key("late"), SoundFiles.wav(2));
    makeOld();
    loose.sweep();

    assertThatThrownBy(() -> transaction.executeWithoutResult(_ -> loose.take(key("late"))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("could not be kept");
  }

  @Test
  void aFileThatIsBeingTakenIsNotSweptAway() throws Exception {
    loose.store(key("slow"), SoundFiles.wav(2));
    makeOld();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sweep =
          transaction.execute(
              _ -> {
                loose.take(key("slow"));
                Future<?> begun = threads.submit(loose::sweep);
                await().atMost(LIMIT).until(this::somebodyWaits);
                return begun;
              });
      Objects.requireNonNull(sweep).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(files()).containsExactly(key("slow"));
    assertThat(counted()).isZero();
  }

  private boolean somebodyWaits() {
    return database
            .sql(
                """
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """)
            .query(Long.class)
            .single()
        == 1;
  }

  private String key(String name) {
    return "voices/" + persona.id() + "/" + name + ".wav";
  }

  private void makeOld() {
    database.sql("update loose_sample set since = since - interval '1 hour'").update();
  }

  private double counted() {
    return meters.get("mybella.voice.samples.loose").gauge().value();
  }

  private Path folder() {
    return Path.of(environment.getRequiredProperty("mybella.blobs.folder"), "voice-service");
  }

  /** The files of the persona, by their keys. */
  private List<String> files() throws IOException {
    Path own = folder().resolve("voices").resolve(Long.toString(persona.id()));
    return FilesBelow.folder(own).stream()
        .map(file -> folder().relativize(file).toString())
        .toList();
  }
}
