package io.mybella.memory.history.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.ValidatorFactory;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What an application may store with a message, and what it costs to refuse more. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NewMessageBodyTests {

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private static final ValidatorFactory VALIDATION = Validation.buildDefaultValidatorFactory();

  @AfterAll
  static void end() {
    VALIDATION.close();
  }

  @Test
  void metadataMayBe32LevelsDeep() {
    assertThat(refusedFields(nested(32))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 64, 400})
  void deeperMetadataIsRefusedAtOnce(int depth) {
    assertThat(refusedFields(nested(depth))).containsExactly("metadata");
  }

  @Test
  void wideMetadataIsRefusedWithoutBeingBuilt() {
    String message = message("{\"k\":[" + "{},".repeat(2_600_000) + "{}]}");
    long before = allocated();
    assertThat(refusedFields(message)).containsExactly("metadata");
    // The tree of it would take some 300 MB.
    assertThat(allocated() - before).isLessThan(4 * 1024 * 1024);
  }

  @Test
  void numbersCountAsTheDatabaseWillWriteThem() {
    assertThat(refusedFields(message("{\"k\":[1e7900]}"))).isEmpty();
    assertThat(refusedFields(message("{\"k\":[1e131071]}"))).containsExactly("metadata");
    assertThat(refusedFields(message("{\"k\":[1e-16383]}"))).containsExactly("metadata");
    assertThat(refusedFields(message("{\"k\":[" + "1e300,".repeat(100) + "1]}")))
        .containsExactly("metadata");
    assertThat(refusedFields(message("{\"k\":1e99999999999}"))).containsExactly("metadata");
  }

  @Test
  void metadataIsKeptAsItWasSent() {
    String metadata = "{\"a\":[1,-2.50,1e2,true,null,\"\\\"é🙂\"],\"b\":{\"c\":{}}}";
    assertThat(read(message(metadata)).toMessage(null).metadata())
        .isEqualTo("{\"a\":[1,-2.50,100,true,null,\"\\\"é🙂\"],\"b\":{\"c\":{}}}");
  }

  private static String nested(int depth) {
    return message("{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1));
  }

  private static String message(String metadata) {
    return "{\"role\":\"user\",\"metadata\":" + metadata + ",\"content\":\"x\"}";
  }

  private static NewMessageBody read(String json) {
    return JSON.readValue(json, NewMessageBody.class);
  }

  private static List<String> refusedFields(String json) {
    Validator validator = VALIDATION.getValidator();
    return validator.validate(read(json)).stream()
        .map(ConstraintViolation::getPropertyPath)
        .map(Object::toString)
        .toList();
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
