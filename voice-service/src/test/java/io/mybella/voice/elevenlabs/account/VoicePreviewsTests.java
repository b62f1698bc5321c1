package io.mybella.voice.elevenlabs.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.voice.elevenlabs.ElevenLabsProperties;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

/** Addresses come with an answer, and an answer is not to decide whom this service asks. */
class VoicePreviewsTests {

  private final VoicePreviews previews =
      new VoicePreviews(
          Binder.get(new MockEnvironment())
              .bindOrCreate("mybella.voice.elevenlabs", ElevenLabsProperties.class));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://storage.googleapis.com/eleven-public-prod/premade/voices/21m0/b4928a68.mp3",
        "https://api.elevenlabs.io/v1/voices/x/previews/audio",
        "https://static.elevenlabs.io/a.mp3"
      })
  void whatElevenLabsKeepsIsFetched(String address) {
    assertThat(previews.leadsToElevenLabs(URI.create(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://static.elevenlabs.io/a.mp3",
        "https://static.elevenlabs.io:8443/a.mp3",
        "https://static.elevenlabs.io@127.0.0.1/a.mp3",
        "https://elevenlabs.io.evil.example/a.mp3",
        "https://evilelevenlabs.io/a.mp3",
        "https://storage.googleapis.com/somebody/a.mp3",
        "https://storage.googleapis.com/eleven-public-prod/../somebody/a.mp3",
        "https://storage.googleapis.com/eleven-public-prod/%2e%2e/somebody/a.mp3",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//static.elevenlabs.io/a.mp3",
        "mailto:a@elevenlabs.io"
      })
  void nobodyElseIsAsked(String address) {
    assertThat(previews.leadsToElevenLabs(URI.create(address))).isFalse();
  }
}
