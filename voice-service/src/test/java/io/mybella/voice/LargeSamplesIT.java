package io.mybella.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Setting;
import io.mybella.voice.sample.SoundFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Uploads as large as they may be, many at once, to the service as a process with the heap that it
 * has on a user's machine, with the ffmpeg of this one if there is any. It does without a broker:
 * on the one of the other tests it would take their events.
 */
class LargeSamplesIT {

  private static final int MOST_BYTES = 10 * 1024 * 1024;
  private static final int AT_ONCE = 12;
  private static final String NO_BROKER = "127.0.0.1:1";

  @Test
  void manyAtOnceAreKeptOrPutOffAndTheProcessStays(@TempDir Path folder) throws Exception {
    PostgresPart.Database database = PlatformParts.freshDatabase("voice");
    try (ServiceProcess service =
        ServiceProcess.start(
            VoiceServiceApplication.class,
            Setting.MYBELLA_VOICE_HEAP.defaultValue(),
            database,
            NO_BROKER,
            folder)) {
      personas(database);
      VoiceApi api = new VoiceApi(service.port(), NO_BROKER);
      List<byte[]> files = List.of(minute(), tagged(), hidden());
      List<Future<Integer>> uploads = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < AT_ONCE; i++) {
          long user = 1L + i;
          byte[] file = files.get(i % files.size());
          uploads.add(
              threads.submit(
                  () -> api.upload(user, "a.wav", file, TestTokens.bearer(user)).statusCode()));
        }
      }

      assertThat(uploads).extracting(Future::resultNow).contains(200).isSubsetOf(200, 400, 503);
      assertThat(service.runs()).as(service.log()).isTrue();
      assertThat(api.upload(1, "a.wav", SoundFiles.wav(2), TestTokens.bearer(1)).statusCode())
          .isEqualTo(200);
    }
  }

  /** One for each user, known as if an event had told of it. */
  private static void personas(PostgresPart.Database database) {
    JdbcClient.create(
            new DriverManagerDataSource(
                database.jdbcUrl(), database.appUser(), database.appPassword()))
        .sql(
            """
            insert into known_persona (persona_id, owner_user_id, name, state, version, updated_at)
            select each, each, 'P', 'active', 1, now() from generate_series(1, ?) as each
            """)
        .param(AT_ONCE)
        .update();
  }

  /** As much of CD quality as there may be. */
  private static byte[] minute() {
    byte[] file = Arrays.copyOf(SoundFiles.wav(1), MOST_BYTES);
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(4, MOST_BYTES - 8)
        .putShort(22, (short) 2)
        .putInt(24, 44_100)
        .putInt(28, 44_100 * 4)
        .putShort(32, (short) 4)
        .putInt(40, MOST_BYTES - 44);
    return file;
  }

  /** A short sound behind a tag that fills the rest. */
  private static byte[] tagged() throws IOException {
    byte[] sound = SoundFiles.read("tone.mp3");
    int size = MOST_BYTES - sound.length - 10;
    byte[] file = new byte[MOST_BYTES];
    ByteBuffer.wrap(file)
        .put(new byte[] {'I', 'D', '3', 4, 0, 0})
        .put((byte) ((size >> 21) & 0x7f))
        .put((byte) ((size >> 14) & 0x7f))
        .put((byte) ((size >> 7) & 0x7f))
        .put((byte) (size & 0x7f))
        .put(MOST_BYTES - sound.length, sound);
    return file;
  }

  /** A FLAC file whose first frame never ends. */
  private static byte[] hidden() {
    byte[] file = SoundFiles.read("tone.flac");
    byte[] longer = Arrays.copyOf(file, MOST_BYTES);
    Arrays.fill(longer, file.length, MOST_BYTES, (byte) 0xff);
    return longer;
  }
}
