package io.mybella.local.doctor;

import io.mybella.operator.doctor.Check;
import io.mybella.operator.doctor.Finding;
import java.util.List;

/**
 * Which JDK the platform runs with, and where it is. One that is too old runs nothing of this: the
 * script {@code mybella} says so instead.
 */
final class JavaCheck implements Check {

  @Override
  public String name() {
    return "jdk";
  }

  @Override
  public List<Finding> look() {
    return List.of(
        about("").ok("%s in %s".formatted(Runtime.version(), System.getProperty("java.home"))));
  }
}
