package io.mybella.local.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreePortTests {

  @Test
  void aPortIsGivenToOneProcessAlone() throws Exception {
    int port = FreePort.find();
    assertThat(FreePort.claim(port)).as("once more here").isFalse();

    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                "" + port)
            .inheritIO()
            .start();
    try {
      assertThat(other.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(other.exitValue()).as("in another process").isEqualTo(Other.IS_TAKEN);
    } finally {
      other.destroyForcibly();
    }
  }

  /** Another process. */
  static final class Other {

    private static final int IS_TAKEN = 7;

    private Other() {}

    public static void main(String[] arguments) {
      System.exit(FreePort.claim(Integer.parseInt(arguments[0])) ? 0 : IS_TAKEN);
    }
  }
}
