package io.mybella.voice.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class Mp3EncoderTests {

  @Test
  void soundSurvivesEncodingInPieces() {
    Mp3Encoder encoder = new Mp3Encoder(48_000);
    ByteArrayOutputStream mp3 = new ByteArrayOutputStream();
    for (int i = 0; i < 4; i++) {
      mp3.writeBytes(encoder.encode(DecodedMp3.tone(440, 0.5, 48_000)));
    }
    mp3.writeBytes(encoder.finish());

    Pcm heard = DecodedMp3.decode(mp3.toByteArray(), 48_000);

    assertThat(heard.seconds()).isCloseTo(2.0, within(0.1));
    assertThat(DecodedMp3.energy(heard)).isCloseTo(0.26, within(0.03));
  }

  @Test
  void silenceStaysSilent() {
    Mp3Encoder encoder = new Mp3Encoder(48_000);
    ByteArrayOutputStream mp3 = new ByteArrayOutputStream();
    mp3.writeBytes(encoder.encode(new Pcm(new byte[96_000], 48_000)));
    mp3.writeBytes(encoder.finish());

    assertThat(DecodedMp3.energy(DecodedMp3.decode(mp3.toByteArray(), 48_000))).isLessThan(0.001);
  }

  @Test
  void samplesAtAnotherRateAreRefused() {
    Mp3Encoder encoder = new Mp3Encoder(48_000);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode(DecodedMp3.tone(440, 0.1, 44_100)));
  }

  @Test
  void aSpooledWavFileNamesItsLength() throws IOException {
    Pcm tone = DecodedMp3.tone(440, 1.5, 24_000);
    ByteArrayOutputStream wav = new ByteArrayOutputStream();
    try (WavSpool spool = new WavSpool(24_000)) {
      spool.add(tone.samples());
      for (byte[] piece = spool.next(); piece != null; piece = spool.next()) {
        wav.writeBytes(piece);
      }
    }

    Pcm read = Pcm.fromWav(wav.toByteArray());
    assertThat(read.seconds()).isEqualTo(1.5);
    assertThat(read.samples()).isEqualTo(tone.samples());
  }
}
