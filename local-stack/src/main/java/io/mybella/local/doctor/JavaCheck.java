package io.mybella.local.doctor;

import io.mybella.operator.doctor.Check;
import io.mybella.operator.doctor.Finding;
import java.util.List;

/** Whether the JDK is one that the platform runs with. */
final class JavaCheck implements Check {

  private static final int LEAST = 25;

  private final Runtime.Version version;

  JavaCheck(Runtime.Version version) {
    this.version = version;
  }

  @Override
  public String name() {
    return "jdk";
  }

  @Override
  public List<Finding> look() {
    Finding.About about = about("");
    return List.of(
        version.feature() >= LEAST
            ? about.ok(version.toString())
            : about.failed(
                "%s is older than %d".formatted(version, LEAST),
                "Install a JDK %d and set JAVA25_HOME.".formatted(LEAST)));
  }
}
