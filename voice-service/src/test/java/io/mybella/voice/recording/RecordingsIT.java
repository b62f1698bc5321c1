package io.mybella.voice.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.chassis.blob.BlobStore;
import io.mybella.voice.KeylessServiceTest;
import io.mybella.voice.audio.SpeechFormat;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** One producer, any number of listeners, and what is left for those who come later. */
class RecordingsIT extends KeylessServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final AtomicLong PERSONAS = new AtomicLong(78_000);
  private static final long USER = 42_000;
  private static final int PIECE = 64 * 1024;

  @Autowired Recordings recordings;
  @Autowired SpeechCache cache;
  @Autowired CachedSpeechRepository rows;
  @Autowired BlobStore blobs;
  @Autowired JdbcClient database;
  @Autowired TransactionTemplate transaction;
  @Autowired Clock clock;
  @Autowired AutowireCapableBeanFactory beans;

  private final Ear ear = new Ear(USER);
  private final Voice voice = new Voice();
  private long persona;

  @BeforeEach
  void aPersona() {
    persona = PERSONAS.incrementAndGet();
    database
        .sql(
            """
            insert into known_persona (persona_id, owner_user_id, name, state, version, updated_at)
            values (?, ?, 'P', 'active', 1, now())
            """)
        .params(persona, USER)
        .update();
  }

  @Test
  void whoAsksForTheSameTakesPartAndHearsAllOfIt() throws IOException {
    Listening early = recordings.listen(key("a"), ear, voice);
    voice.says(PIECE);
    assertThat(early.begins(LIMIT)).isTrue();
    assertThat(early.isKnown()).isFalse();
    Listening late = recordings.listen(key("a"), new Ear(USER + 1), voice);
    voice.says(100).ends();

    byte[] heard = Ear.all(early);
    assertThat(heard).hasSize(PIECE + 100);
    assertThat(Ear.all(late)).isEqualTo(heard);
    assertThat(Ear.all(recordings.listen(key("a"), ear, voice))).isEqualTo(heard);
    assertThat(voice.opened()).isEqualTo(1);
  }

  @Test
  void theVoiceIsLetGoHoweverSlowlyItIsListenedTo() throws IOException {
    List<Listening> idle = new ArrayList<>();
    IntStream.range(0, 20).forEach(_ -> idle.add(recordings.listen(key("a"), ear, voice)));
    for (int i = 0; i < 40; i++) {
      voice.says(PIECE);
    }
    voice.ends();

    await().atMost(LIMIT).until(() -> voice.closed() == 1);
    assertThat(Ear.all(recordings.listen(key("a"), ear, voice))).hasSize(40 * PIECE);
    for (Listening each : idle) {
      assertThat(each.whole()).hasValue(40L * PIECE);
      assertThat(each.next()).isNotEmpty();
      each.close();
    }
  }

  @Test
  void theLastOneWhoLeavesEndsTheProduction() throws IOException {
    Listening one = recordings.listen(key("a"), ear, voice);
    Listening other = recordings.listen(key("a"), ear, voice);
    voice.says(PIECE);
    assertThat(other.begins(LIMIT)).isTrue();

    one.close();
    voice.says(1);
    assertThat(other.next()).isNotEmpty();
    assertThat(voice.closed()).isZero();
    other.close();
    await().atMost(LIMIT).until(() -> voice.closed() == 1);

    Voice another = new Voice().says(10).ends();
    assertThat(Ear.all(recordings.listen(key("a"), ear, another))).hasSize(10);
  }

  @Test
  void whatBreaksBeforeItIsHeardIsAFailureAndLaterAnEndThatCanBeSeen() throws IOException {
    IOException why = new IOException("on purpose");
    voice.says(10).breaksOff(why);
    Listening late = recordings.listen(key("a"), ear, voice);
    await().atMost(LIMIT).until(() -> voice.closed() == 1);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThatIOException().isThrownBy(() -> late.begins(LIMIT)).isSameAs(why));
    late.close();

    Voice second = new Voice().says(10);
    Listening early = recordings.listen(key("a"), ear, second);
    assertThat(early.begins(LIMIT)).isTrue();
    assertThat(early.next()).hasSize(10);
    second.says(5).breaksOff(why);
    assertThat(early.next()).hasSize(5);
    assertThatIOException().isThrownBy(early::next).isSameAs(why);
    early.close();
    assertThat(recordings.whole(key("a"), ear)).isEmpty();
  }

  @Test
  void aPartIsHeardAsThatPart() throws IOException {
    voice.says(PIECE).ends();
    byte[] all = Ear.all(recordings.listen(key("a"), ear, voice));
    Listening part = recordings.whole(key("a"), ear).orElseThrow();
    part.only(20_000, 50_001);

    assertThat(Ear.all(part)).isEqualTo(java.util.Arrays.copyOfRange(all, 20_000, 50_002));
  }

  @Test
  void anotherInstanceHasItFromTheBlobStore() throws Exception {
    voice.says(PIECE).ends();
    Listening first = recordings.listen(key("a"), ear, voice);
    byte[] heard = Ear.all(first);
    await().atMost(LIMIT).until(() -> kept() == 1);
    Recordings another = beans.createBean(Recordings.class);
    try {
      Listening second = another.listen(key("a"), ear, voice);
      assertThat(second.begins(LIMIT)).isTrue();
      assertThat(second.isKnown()).isTrue();
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(Ear.all(second)).isEqualTo(heard);
      assertThat(voice.opened()).isEqualTo(1);
      assertThat(another.find(first.id(), USER, persona, ear)).hasValueSatisfying(Listening::close);
      assertThat(another.find(first.id(), USER + 1, persona, ear)).isEmpty();
      assertThat(another.find(first.id(), USER, persona + 1, ear)).isEmpty();

      // A file that is lost is no speech: it is made anew.
      blobs.deleteAll("speech/%d/%d/".formatted(USER, persona));
      Recordings third = beans.createBean(Recordings.class);
      voice.says(7).ends();
      assertThat(Ear.all(third.listen(key("a"), ear, voice))).hasSize(7);
      third.close();
    } finally {
      another.close();
    }
  }

  @Test
  void whatEndsAfterAnErasureIsNotKept() {
    database
        .sql(
            """
            update known_persona set state = 'deleted', owner_user_id = null, name = null
            where persona_id = ?
            """)
        .param(persona)
        .update();
    cache.keep(UUID.randomUUID(), key("a"), new byte[10]);

    assertThat(kept()).isZero();
    assertThat(blobs.deleteAll("speech/%d/%d/".formatted(USER, persona))).isZero();
    assertThat(loose()).isZero();
  }

  @Test
  void anErasureEndsWhatIsSpokenAndForgetsWhatWas() throws IOException {
    voice.says(10).ends();
    Ear.all(recordings.listen(key("a"), ear, voice));
    await().atMost(LIMIT).until(() -> kept() == 1);
    Listening hearing = recordings.listen(key("b"), ear, voice);
    voice.says(10);
    assertThat(hearing.next()).hasSize(10);

    recordings.eraseFilesOfPersona(persona);
    Long speeches = transaction.execute(_ -> recordings.erasePersona(persona));

    assertThat(speeches).isEqualTo(2);
    assertThatIOException().isThrownBy(hearing::next);
    hearing.close();
    await().atMost(LIMIT).until(() -> voice.closed() == 2);
    assertThat(recordings.whole(key("a"), ear)).isEmpty();
    assertThat(kept()).isZero();
    Listening late = recordings.listen(key("b"), ear, new Voice().says(10).ends());
    assertThatIOException().isThrownBy(() -> Ear.all(late));
  }

  @Test
  void whatIsOldAndWhatIsTooMuchIsNotKeptForever() {
    SpeechCache small =
        new SpeechCache(
            new RecordingProperties(
                DataSize.ofBytes(1),
                LIMIT,
                DataSize.ofBytes(25),
                Duration.ofHours(1),
                DataSize.ofBytes(10)),
            rows,
            blobs,
            database,
            transaction,
            clock,
            new SimpleMeterRegistry());
    for (String text : List.of("old", "first", "second", "third")) {
      small.keep(UUID.randomUUID(), key(text), new byte[10]);
    }
    // Used later than whatever others have left.
    age("old", "2 hours");
    age("first", "-1 minute");
    age("second", "-2 minutes");
    age("third", "-3 minutes");
    small.sweep();

    assertThat(small.takes(10)).isTrue();
    assertThat(small.takes(11)).isFalse();
    assertThat(rows.use(key("old"), clock.instant())).isEmpty();
    assertThat(rows.use(key("first"), clock.instant())).isEmpty();
    assertThat(rows.use(key("second"), clock.instant())).isPresent();
    assertThat(rows.use(key("third"), clock.instant())).isPresent();
    assertThat(blobs.deleteAll("speech/%d/%d/".formatted(USER, persona))).isEqualTo(2);
    assertThat(loose()).isZero();
  }

  private void age(String text, String interval) {
    database
        .sql("update cached_speech set used_at = now() - cast(? as interval) where key = ?")
        .params(interval, key(text).digest())
        .update();
  }

  private long kept() {
    return database
        .sql("select count(*) from cached_speech where persona_id = ?")
        .param(persona)
        .query(Long.class)
        .single();
  }

  private long loose() {
    return database
        .sql("select count(*) from loose_speech where blob_key like ?")
        .param("speech/%d/%d/%%".formatted(USER, persona))
        .query(Long.class)
        .single();
  }

  private SpeechKey key(String text) {
    return SpeechKey.of(USER, persona, "default", "engine", SpeechFormat.MP3, text);
  }
}
