package io.mybella.voice.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.FilesBelow;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Setting;
import io.mybella.voice.VoiceServiceApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Workers that die while they speak: others go on with what is left, and every text ends as one
 * audio. In every build one of two dies once; with {@code -Djobs=100 -Djobs.kills=20} as often as
 * one says.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledWorkersIT {

  private static final int JOBS = Integer.getInteger("jobs", 8);
  private static final int KILLS = Integer.getInteger("jobs.kills", 1);

  /** So much is said between two deaths. */
  private static final int PIECES_BETWEEN = 2;

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final long ANNA = 1;
  private static final long BORIS = 2;

  private final PostgresPart.Database database = PlatformParts.freshDatabase("voice");

  @Test
  void everyTextEndsAsOneAudioAndUsersTakeTurns(@TempDir Path folder) throws Exception {
    Path blobs = Files.createDirectories(folder.resolve("blobs"));
    Deque<ServiceProcess> workers = new ArrayDeque<>();
    try {
      workers.add(start(folder.resolve("0"), blobs));
      fill();
      for (int kill = 1; kill <= KILLS; kill++) {
        workers.add(start(folder.resolve("" + kill), blobs));
        long said = pieces() + PIECES_BETWEEN;
        await().atMost(LIMIT).until(() -> pieces() >= said || unfinished() == 0);
        // By kill -9, in the middle of whatever it says.
        workers.removeFirst().close();
      }
      await().atMost(LIMIT).until(() -> unfinished() == 0);
    } finally {
      workers.forEach(ServiceProcess::close);
    }

    assertThat(strings("select distinct state from speech_job")).containsExactly("completed");
    assertThat(
            count(
                "select count(*) from speech_job j where pieces <>"
                    + " (select count(*) from speech_job_piece p where p.job_id = j.id)"))
        .isZero();
    List<String> stored = files(blobs.resolve("voice-service"));
    assertThat(stored).containsAll(strings("select blob_key from speech_job_piece"));
    // What nobody refers to is on the list of what is removed.
    assertThat(
            strings(
                "select blob_key from speech_job_piece union all"
                    + " select blob_key from loose_job_audio"))
        .doesNotHaveDuplicates()
        .containsAll(stored);
    assertThat(
            count(
                "select count(*) from outbox_event where type"
                    + " = 'io.mybella.voice.synthesis-completed.v1'"))
        .isEqualTo(JOBS);
    assertThat(strings("select user_id::text from speech_job order by ended_at limit " + JOBS / 2))
        .contains("" + ANNA, "" + BORIS);
  }

  /** All of Anna's come before all of Boris', who still gets his turns. */
  private void fill() throws SQLException {
    run(
        """
        insert into known_persona (persona_id, name, state, version, updated_at)
        values (7, 'Iris', 'active', 1, now())
        """);
    String text = "This is said first. " + " ".repeat(800) + "And this is said at last.";
    run(
        """
        insert into speech_job
          (id, user_id, persona_id, text, due_at, characters, state, pieces, created_at)
        select uuidv7(), case when n <= %d then %d else %d end, 7, 'Number ' || n || '. %s', now(), %d, 'queued', %d,
          now() + n * interval '1 ms'
        from generate_series(1, %d) as n
        """
            .formatted(
                JOBS / 2,
                ANNA,
                BORIS,
                text,
                text.length(),
                SpeechJobs.pieces("Number 1. " + text).size(),
                JOBS));
  }

  private ServiceProcess start(Path folder, Path blobs) throws IOException {
    Files.createDirectories(folder);
    return ServiceProcess.start(
        VoiceServiceApplication.class,
        Setting.MYBELLA_VOICE_HEAP.defaultValue(),
        database,
        PlatformParts.kafka(),
        folder,
        "--spring.profiles.active=worker",
        "--mybella.blobs.folder=" + blobs,
        "--mybella.outbox.enabled=false",
        "--mybella.voice.job.lease=3s",
        "--mybella.voice.job.attempts=50",
        "--mybella.voice.job.poll=100ms");
  }

  private static List<String> files(Path folder) throws IOException {
    return FilesBelow.folder(folder).stream()
        .map(file -> folder.relativize(file).toString().replace('\\', '/'))
        .filter(name -> name.startsWith("jobs/") && name.endsWith(".mp3"))
        .toList();
  }

  private long pieces() throws SQLException {
    return count("select count(*) from speech_job_piece");
  }

  private long unfinished() throws SQLException {
    return count("select count(*) from speech_job where due_at is not null");
  }

  private long count(String sql) throws SQLException {
    return Long.parseLong(strings(sql).getFirst());
  }

  private List<String> strings(String sql) throws SQLException {
    try (Connection connection = superuser()) {
      return client(connection).sql(sql).query(String.class).list();
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = superuser()) {
      client(connection).sql(sql).update();
    }
  }

  private Connection superuser() throws SQLException {
    String url = database.jdbcUrl();
    String name = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
    return PlatformParts.postgres().superuser(name);
  }

  private static JdbcClient client(Connection connection) {
    return JdbcClient.create(new SingleConnectionDataSource(connection, true));
  }
}
