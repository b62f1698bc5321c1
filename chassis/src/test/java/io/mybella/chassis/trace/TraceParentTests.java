package io.mybella.chassis.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTests {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String GIVEN = "00-" + TRACE + "-b7ad6b7169203331-01";

  @Test
  void aTraceGoesOnWithAStepOfItsOwn() {
    TraceParent step = TraceParent.continuing(GIVEN);
    assertThat(step.traceId()).isEqualTo(TRACE);
    assertThat(step.spanId()).matches("[0-9a-f]{16}").isNotEqualTo("b7ad6b7169203331");
    assertThat(step.header()).isEqualTo("00-" + TRACE + "-" + step.spanId() + "-01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe-of a later version"
      })
  void ofALaterVersionWhatIsKnownIsRead(String header) {
    TraceParent step = TraceParent.continuing(header);
    assertThat(step.header()).startsWith("00-" + TRACE).endsWith("-00");
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nX: y"
      })
  void whatIsNoTraceBeginsOne(String header) {
    assertThat(TraceParent.continuing(header).header())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
        .doesNotContain(TRACE);
  }

  @Test
  void theStepUnderWayIsThatOfTheThread() {
    assertThat(TraceParent.current()).isEmpty();
    TraceParent step = TraceParent.continuing(GIVEN);
    step.enter();
    assertThat(TraceParent.current()).contains(step);
    TraceParent.leave();
    assertThat(TraceParent.current()).isEmpty();
  }
}
