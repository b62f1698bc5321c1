package io.mybella.voice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.blob.BlobStore;
import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.voice.KeylessServiceTest;
import io.mybella.voice.conversion.RealFfmpeg;
import io.mybella.voice.inspection.SampleType;
import io.mybella.voice.inspection.SoundInspection;
import io.mybella.voice.persona.KnownPersona;
import io.mybella.voice.persona.KnownPersonas;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What is kept of an upload where there is ffmpeg. */
class UniformSamplesIT extends KeylessServiceTest {

  private static final KnownPersona PERSONA = new KnownPersona(470_000, 45_200L, null);

  @Autowired CustomVoiceRepository rows;
  @Autowired KnownPersonas personas;
  @Autowired BlobStore blobs;
  @Autowired LooseSamples loose;
  @Autowired SampleQuota quota;
  @Autowired IdGenerator ids;
  @Autowired Clock clock;
  @Autowired TransactionTemplate transaction;
  @Autowired ApplicationEventPublisher events;
  @Autowired JdbcClient database;
  private CustomVoices voices;

  @BeforeEach
  void withFfmpeg() {
    SampleReading reading = new SampleReading(RealFfmpeg.find());
    voices =
        new CustomVoices(
            rows, personas, blobs, loose, quota, reading, ids, clock, transaction, events);
    database
        .sql(
            """
            insert into known_persona (persona_id, owner_user_id, name, state, version, updated_at)
            values (470000, 45200, 'P', 'active', 1, now()) on conflict do nothing
            """)
        .update();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tone.webm", "recorded.mp4", "tone.ogg", "tone.m4a", "tone.wav"})
  void anMp3IsKeptOfEachKind(String name) throws Exception {
    CustomVoice voice = voices.replace(PERSONA, SoundFiles.read(name), false);

    assertThat(voice.mediaType()).isEqualTo("audio/mpeg");
    assertThat(voice.durationMs()).isBetween(1350, 1650);
    assertThat(voice.blobKey()).endsWith(".mp3");
    byte[] kept = blobs.get(voice.blobKey()).orElseThrow();
    assertThat(SoundInspection.inspect(kept).type()).isEqualTo(SampleType.MP3);
  }

  @Test
  void aRecordingThatIsCutOrMeansHarmIsRefusedAndLeavesNothing() {
    byte[] mp4 = SoundFiles.read("recorded.mp4");
    byte[] scripted = SoundFiles.read("tone.webm");
    // The header stays, what follows is text.
    java.util.Arrays.fill(scripted, 100, scripted.length, (byte) '#');
    voices.remove(PERSONA);

    for (byte[] file :
        new byte[][] {
          java.util.Arrays.copyOf(mp4, mp4.length / 2),
          scripted,
          "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".getBytes(StandardCharsets.US_ASCII)
        }) {
      assertThatThrownBy(() -> voices.replace(PERSONA, file, false))
          .isInstanceOfSatisfying(
              Problem.class,
              problem -> assertThat(problem.status()).isEqualTo(HttpStatus.BAD_REQUEST));
    }
    assertThat(blobs.deleteAll("voices/470000/")).isZero();
  }
}
