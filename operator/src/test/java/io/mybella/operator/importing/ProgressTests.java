package io.mybella.operator.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTests {

  private final StringWriter out = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  private Progress progress(boolean terminal) {
    return new Progress(new PrintWriter(out), terminal, nanos::get);
  }

  @Test
  void writesALineNowAndThenWhereThereIsNoTerminal() {
    Progress progress = progress(false);
    progress.begin("messages", 1_000);
    for (int i = 0; i < 500; i++) {
      nanos.addAndGet(40_000_000);
      progress.add(1);
    }
    progress.end();

    assertThat(out.toString().lines())
        .containsExactly(
            "messages       [#######.......................]  25 %  250 of 1,000, 25 rows/s",
            "messages       [###############...............]  50 %  500 of 1,000, 25 rows/s",
            "messages       [###############...............]  50 %  500 of 1,000, 25 rows/s");
  }

  @Test
  void writesOverItsLineInATerminal() {
    Progress progress = progress(true);
    progress.begin("messages", 10);
    nanos.addAndGet(1_000_000_000);
    progress.add(5);
    nanos.addAndGet(1_000_000_000);
    progress.add(5);
    progress.end();

    assertThat(out.toString().split("\n", -1)).hasSize(2);
    assertThat(out.toString().split("\r", -1)).hasSize(4);
    assertThat(out.toString()).contains("100 %  10 of 10, 5 rows/s");
  }

  @Test
  void saysNothingOfNothing() {
    Progress progress = progress(true);
    progress.begin("messages", 0);
    progress.end();

    assertThat(out.toString()).isEmpty();
  }
}
