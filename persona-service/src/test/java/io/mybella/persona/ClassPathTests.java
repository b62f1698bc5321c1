package io.mybella.persona;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;

class ClassPathTests {

  /**
   * With it, Resilience4j makes aspects for annotations that no bean here has, and each start pays
   * for searching all of them.
   */
  @Test
  void aspectJStaysAway() {
    assertThat(ClassUtils.isPresent("org.aspectj.weaver.Advice", getClass().getClassLoader()))
        .isFalse();
  }
}
