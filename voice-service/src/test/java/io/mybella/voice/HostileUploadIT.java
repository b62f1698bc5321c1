package io.mybella.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.mybella.chassis.testing.FilesBelow;
import io.mybella.chassis.testing.RawUpload;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.voice.sample.SoundFiles;
import jakarta.servlet.ServletContext;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Uploads of samples that mean harm, over the wire. */
class HostileUploadIT extends KeylessServiceTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long FAR_TOO_MUCH = 64L << 20;
  private static final String ANNA = TestTokens.bearer(41_007);

  @Autowired ServletContext servlet;
  private long persona;

  @BeforeEach
  void aPersona() {
    persona = api.created(41_007L, null, ANNA);
  }

  static List<String> fileNames() {
    return List.of(
        "../../../../etc/cron.d/evil.mp3",
        "%2e%2e%2fevil.mp3",
        "evil\u0000.mp3",
        "evil.mp3\r\nX-Evil: yes",
        "/etc/passwd",
        "x".repeat(5_000) + ".mp3",
        ".");
  }

  @ParameterizedTest
  @MethodSource("fileNames")
  void theNameOfAFileIsNeverObeyed(String fileName) {
    int status =
        upload().file("voice_file", fileName, SoundFiles.wav(1.5)).field("consent", "false").send();

    if (status == 200) {
      assertThat(samples())
          .hasSize(1)
          .allMatch(name -> name.matches(".*/[0-9]+/[0-9a-f-]{36}\\.wav"));
    } else {
      assertThat(status).isIn(400, 413);
      assertThat(samples()).isEmpty();
    }
    await().atMost(SOON).until(() -> leftInTheFolderOfUploads().isEmpty());
  }

  /** Programs that follow a list would fetch what it names; nobody here does. */
  @Test
  void aListThatNamesOtherFilesIsRefusedAndNothingIsFetched() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HttpServer bait =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bait.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    bait.start();
    try {
      String url = "http://127.0.0.1:%d/x.ts".formatted(bait.getAddress().getPort());
      String list = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + url + "\n#EXT-X-ENDLIST\n";
      for (byte[] file :
          List.of(
              latin(list),
              latin("ffconcat version 1.0\nfile '" + url + "'\nfile '/etc/passwd'\n"),
              latin("[playlist]\nFile1=" + url + "\n"),
              // A list in the place of the picture of an AVI, as CVE-2016-1897 had it.
              join(latin("RIFF\u0000\u0001\u0000\u0000AVI LIST"), latin(list)),
              SoundFiles.read("video.avi"),
              join(latin("ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000"), latin(list)))) {
        assertThat(upload().file("voice_file", "song.mp3", file).send()).isEqualTo(400);
      }
    } finally {
      bait.stop(0);
    }
    assertThat(asked).hasValue(0);
    assertThat(samples()).isEmpty();
  }

  @Test
  void aTagThatIsNearlyTheWholeFileHidesNothingAndClaimsNothing() {
    byte[] sound = SoundFiles.read("tone.mp3");
    int size = 9 << 20;
    byte[] tag = new byte[10 + size];
    System.arraycopy(
        new byte[] {
          'I',
          'D',
          '3',
          4,
          0,
          0,
          (byte) (size >> 21),
          (byte) (size >> 14 & 0x7f),
          (byte) (size >> 7 & 0x7f),
          (byte) (size & 0x7f)
        },
        0,
        tag,
        0,
        10);
    assertThat(upload().file("voice_file", "a.mp3", join(tag, sound)).send()).isEqualTo(200);

    tag[6] = 0x7f; // A tag longer than the file.
    assertThat(upload().file("voice_file", "a.mp3", join(tag, sound)).send()).isEqualTo(400);
  }

  @Test
  void anUploadThatIsCutMidwayLeavesNothing() {
    upload().cutOff("voice_file", new byte[4 << 20]);

    await().atMost(SOON).until(() -> leftInTheFolderOfUploads().isEmpty());
    assertThat(samples()).isEmpty();
  }

  @Test
  void anUploadWithoutAnEndIsStoppedAndLeavesNothing() {
    long taken = upload().endless("voice_file", SoundFiles.wav(2), FAR_TOO_MUCH);

    assertThat(taken).isLessThan(FAR_TOO_MUCH);
    await().atMost(SOON).until(() -> leftInTheFolderOfUploads().isEmpty());
    assertThat(samples()).isEmpty();
    assertThat(api.upload(persona, "a.wav", SoundFiles.wav(2), ANNA).statusCode()).isEqualTo(200);
  }

  /** Each part costs memory before anybody has looked at it. */
  @Test
  void aFormOfManyPartsIsRefused() {
    RawUpload form = upload().file("voice_file", "a.wav", SoundFiles.wav(2));
    for (int i = 0; i < 8; i++) {
      form.file("more" + i, "more", new byte[60_000]);
    }

    assertThat(form.send()).isIn(400, 413);
    assertThat(samples()).isEmpty();
  }

  /** More of them than there are turns for uploads, connections to the database or processors. */
  @Test
  void uploadsThatAreStillBeingReadHoldNothingThatOthersNeed() throws IOException {
    List<Socket> trickles = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        trickles.add(trickle());
      }
      await().atMost(SOON).until(() -> leftInTheFolderOfUploads().size() == trickles.size());

      assertThat(api.upload(persona, "a.wav", SoundFiles.wav(2), ANNA).statusCode()).isEqualTo(200);
      assertThat(api.speak(persona, "Hello.", ANNA).statusCode()).isEqualTo(200);
    } finally {
      for (Socket trickle : trickles) {
        trickle.close();
      }
    }
    await().atMost(SOON).until(() -> leftInTheFolderOfUploads().isEmpty());
  }

  /** Begins an upload and leaves it at that. */
  private Socket trickle() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket
        .getOutputStream()
        .write(
            latin(
                "POST /api/personas/%d/voice/upload HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        .formatted(persona)
                    + "Authorization: %s\r\nContent-Length: 5000000\r\n".formatted(ANNA)
                    + "Content-Type: multipart/form-data; boundary=frontier\r\n\r\n"
                    + "--frontier\r\nContent-Disposition: form-data; name=\"voice_file\";"
                    + " filename=\"a.wav\"\r\n\r\n"
                    + "x".repeat(100_000)));
    return socket;
  }

  private RawUpload upload() {
    return new RawUpload(port, "POST /api/personas/" + persona + "/voice/upload", ANNA);
  }

  /** The samples of the persona of this test. */
  private List<String> samples() {
    return files(
        Path.of(
            environment.getRequiredProperty("mybella.blobs.folder"),
            "voice-service",
            "voices",
            "" + persona));
  }

  /** What the servlet container keeps of uploads that it is reading. */
  private List<String> leftInTheFolderOfUploads() {
    return files(
        ((File) Objects.requireNonNull(servlet.getAttribute(ServletContext.TEMPDIR))).toPath());
  }

  private static List<String> files(Path folder) {
    try {
      return FilesBelow.folder(folder).stream().map(Path::toString).toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
