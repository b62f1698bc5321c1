package io.mybella.local.testing;

import org.opentest4j.TestAbortedException;

/**
 * A program that some tests need and not every machine has. Without it a test is skipped and says
 * so; where the program is required, as on a build server, the test fails, so that what was not
 * tested cannot look like what was.
 */
public enum Requirement {
  /** A Chromium. */
  BROWSER,
  /** Node with npm, and a way to its registry. */
  NODE,
  /** The tool of Prometheus that checks its rules. */
  PROMTOOL,
  /** Docker with Compose. */
  DOCKER;

  /** The environment variable that makes it required when it is {@code true}. */
  private String setting() {
    return "MYBELLA_REQUIRE_" + name();
  }

  /**
   * Tells what a test without it comes to; to be thrown.
   *
   * @param reason what is missing, and how to help it
   * @return what makes the test count as skipped
   * @throws AssertionError where it is required
   */
  public TestAbortedException missing(String reason) {
    if (Boolean.parseBoolean(System.getenv(setting()))) {
      throw new AssertionError(setting() + " is true, but " + reason);
    }
    String skipped = "SKIPPED: " + reason;
    System.err.println(skipped);
    return new TestAbortedException(skipped);
  }
}
