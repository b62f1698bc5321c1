package io.mybella.voice.conversion;

import org.opentest4j.TestAbortedException;
import org.springframework.util.unit.DataSize;

/**
 * The ffmpeg of this machine, for tests that need it. Where there is none they are skipped and say
 * so, and fail where {@code MYBELLA_REQUIRE_FFMPEG} is {@code true}.
 */
public final class RealFfmpeg {

  private static final String REQUIRED = "MYBELLA_REQUIRE_FFMPEG";

  private RealFfmpeg() {}

  /** The program, as the service finds it. */
  public static Ffmpeg find() {
    Ffmpeg ffmpeg =
        new Ffmpeg(
            new FfmpegProperties("", java.time.Duration.ofSeconds(60), DataSize.ofMegabytes(768)));
    if (ffmpeg.isThere()) {
      return ffmpeg;
    }
    if (Boolean.parseBoolean(System.getenv(REQUIRED))) {
      throw new AssertionError(REQUIRED + " is true, but there is no ffmpeg on the PATH");
    }
    String skipped = "SKIPPED: there is no ffmpeg on the PATH, so nothing is converted";
    System.err.println(skipped);
    throw new TestAbortedException(skipped);
  }
}
