package io.mybella.voice;

import static io.mybella.voice.VoiceApi.header;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.fakeelevenlabs.Behaviour;
import io.mybella.voice.sample.SoundFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What the upstream says once, any number of listeners hear at their own pace. */
class SharedSpeechIT extends ElevenLabsServiceTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String BELLA = "EXAVITQu4vr4xnSDxMaL";
  private static final long USER = 44_000;
  private static final String ANNA = TestTokens.bearer(USER);

  /** More than the buffers of a connection whose listener does not read take. */
  private static final String MEGABYTE = "a".repeat(1 << 20);

  @Autowired MeterRegistry meters;

  /** With two slots, and nobody else's first sound waits for any of them. */
  @Test
  void listenersWhoHardlyReadHoldNoSlot() throws IOException {
    long persona = api.created(null, BELLA, ANNA);
    ELEVEN_LABS.let(BELLA, new Behaviour.Answers(200, "audio/mpeg", MEGABYTE));
    List<Socket> slow = new ArrayList<>();
    int before = slots();
    allow(2);
    try {
      for (int i = 0; i < 20; i++) {
        Socket listener = ask(persona, "To listener " + i, TestTokens.bearer(USER + i % 5));
        slow.add(listener);
        assertThat(headOf(listener)).contains("200", "X-Voice-Source: preset");
      }
      await().atMost(LIMIT).until(() -> growing() == 0);

      long asked = System.nanoTime();
      var heard = api.speak(persona, "To somebody who listens.", TestTokens.bearer(USER + 9));
      assertThat(header(heard, "X-Voice-Source")).isEqualTo("preset");
      assertThat(heard.body()).hasSize(1 << 20);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
    } finally {
      allow(before);
      for (Socket listener : slow) {
        listener.close();
      }
    }
  }

  @Test
  void whoAskForTheSameAtTheSameTimeHearTheSameCall() throws Exception {
    long persona = api.created(USER, BELLA, ANNA);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(threads.submit(() -> api.speak(persona, "All together.", ANNA)));
      }
      byte[] first = answers.getFirst().get().body();
      for (Future<HttpResponse<byte[]>> each : answers) {
        assertThat(each.get().statusCode()).isEqualTo(200);
        assertThat(each.get().body()).isEqualTo(first);
      }
    }
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech")).hasSize(1);
  }

  @Test
  void theLastListenerWhoLeavesEndsTheCall() throws IOException {
    long persona = api.created(USER, BELLA, ANNA);
    ELEVEN_LABS.let(BELLA, new Behaviour.BreaksOff(new CountDownLatch(1)));
    HttpResponse<InputStream> one = api.listen(persona, "Until you leave.", ANNA);
    HttpResponse<InputStream> other = api.listen(persona, "Until you leave.", ANNA);
    assertThat(one.body().read()).isNotNegative();
    assertThat(other.body().read()).isNotNegative();
    assertThat(growing()).isEqualTo(1);

    one.body().close();
    assertThat(other.body().readNBytes(1000)).hasSize(1000);
    assertThat(growing()).isEqualTo(1);
    other.body().close();
    await().atMost(LIMIT).until(() -> growing() == 0);
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech")).hasSize(1);
  }

  @Test
  void whenNoVoiceOfElevenLabsComesToASoundTheDefaultVoiceSpeaksSoon() {
    long persona = api.created(USER, BELLA, ANNA);
    api.upload(persona, "me.wav", SoundFiles.wav(2), "true", ANNA);
    ELEVEN_LABS.let(cloneOf(persona, ANNA), new Behaviour.StaysSilent());
    ELEVEN_LABS.let(BELLA, new Behaviour.StaysSilent());
    // Its models are loaded by now: that may take longer than all the rest.
    api.speak(api.created(USER, null, ANNA), "Good morning.", ANNA);
    long asked = System.nanoTime();

    var spoken = api.speak(persona, "Is anybody there?", ANNA);

    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
    assertThat(header(spoken, "X-Voice-Source")).isEqualTo("default");
    assertThat(header(spoken, "X-Voice-Fallback")).isEqualTo("upstream_timeout");
    assertThat(ELEVEN_LABS.requests("/v1/text-to-speech"))
        .as("the preset is not asked when the time is over")
        .hasSize(1);
  }

  @Test
  void anErasureEndsWhatIsBeingHeard() throws IOException {
    long persona = api.created(USER, BELLA, ANNA);
    ELEVEN_LABS.let(BELLA, new Behaviour.BreaksOff(new CountDownLatch(1)));
    try (InputStream audio = api.listen(persona, "Never to be heard again.", ANNA).body()) {
      assertThat(audio.readNBytes(1000)).hasSize(1000);

      api.deleted(persona, USER, UUID.randomUUID(), 2, UUID.randomUUID());

      assertThatIOException().isThrownBy(audio::readAllBytes);
    }
    await().atMost(LIMIT).until(() -> growing() == 0);
    assertThat(api.speak(persona, "Never to be heard again.", ANNA).statusCode()).isEqualTo(404);
  }

  private int slots() {
    return database.sql("select size from speech_slots").query(Integer.class).single();
  }

  private void allow(int slots) {
    database.sql("update speech_slots set size = ?").param(slots).update();
  }

  private double growing() {
    return meters.get("mybella.voice.recordings.growing").gauge().value();
  }

  private Socket ask(long persona, String text, String bearer) throws IOException {
    String body = "{\"text\":\"%s\"}".formatted(text);
    Socket connection = new Socket();
    connection.setReceiveBufferSize(4096);
    connection.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
    connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    connection
        .getOutputStream()
        .write(
            """
            POST /api/personas/%d/voice/speech HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: %s\r
            Content-Type: application/json\r
            Content-Length: %d\r
            \r
            %s\
            """
                .formatted(persona, bearer, body.length(), body)
                .getBytes(UTF_8));
    return connection;
  }

  private static String headOf(Socket connection) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = connection.getInputStream().read();
      if (next < 0) {
        throw new IOException("no answer: " + head);
      }
      head.append(new String(new byte[] {(byte) next}, ISO_8859_1));
    }
    return head.toString();
  }
}
