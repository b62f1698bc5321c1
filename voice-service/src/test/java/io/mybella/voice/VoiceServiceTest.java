package io.mybella.voice;

import io.mybella.chassis.testing.PlatformTest;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * The running service. There are two of them, with a key for ElevenLabs and without; all tests of
 * one share it, and each takes personas of its own. Both are one consumer group on one broker:
 * while the tests of one run, Spring pauses the other, so that it takes no events.
 */
@PlatformTest(database = "voice")
@Import(WatchedBlobs.Installed.class)
public abstract class VoiceServiceTest {

  @LocalServerPort int port;
  @Autowired protected Environment environment;
  String kafka;
  VoiceApi api;

  @BeforeEach
  void connect() {
    kafka = environment.getRequiredProperty("spring.kafka.bootstrap-servers");
    api = new VoiceApi(port, kafka);
  }
}
