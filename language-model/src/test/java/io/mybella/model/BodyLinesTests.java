package io.mybella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyLinesTests {

  @Test
  void whoeverReadsSlowlyGetsNoMoreTimeFromABodyThatNeverEnds() throws Exception {
    try (var lines = new BodyLines()) {
      lines.onNext(List.of(ByteBuffer.wrap("one\n".getBytes(StandardCharsets.UTF_8))));
      lines.onNext(List.of(ByteBuffer.wrap("two\n".getBytes(StandardCharsets.UTF_8))));

      assertThat(lines.next(System.nanoTime() + Duration.ofMinutes(1).toNanos())).isEqualTo("one");
      assertThatThrownBy(() -> lines.next(System.nanoTime() - 1))
          .isInstanceOf(HttpTimeoutException.class);
    }
  }
}
