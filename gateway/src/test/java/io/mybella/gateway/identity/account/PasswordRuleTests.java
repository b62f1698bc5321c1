package io.mybella.gateway.identity.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nulabinc.zxcvbn.Zxcvbn;
import io.mybella.chassis.problem.Problem;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class PasswordRuleTests {

  /** What the guesser's memory goes to. */
  private static final String DICTIONARY = "com.nulabinc.zxcvbn.matchers.Dictionary";

  private final PasswordRule rule = new PasswordRule();

  @Test
  void itJudgesTheSameAfterItsDictionariesWereLetGo() throws JMException {
    assertJudges();
    assertThat(isAnyLiving(DICTIONARY)).isFalse();
    assertJudges();

    var held = new Zxcvbn();
    try {
      assertThat(isAnyLiving(DICTIONARY)).isTrue();
    } finally {
      Reference.reachabilityFence(held);
    }
  }

  private void assertJudges() {
    assertThatThrownBy(() -> check("password1")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> check("ada.lovelace")).isInstanceOf(Problem.class);
    assertThatCode(() -> check("correct horse battery")).doesNotThrowAnyException();
  }

  private void check(String password) {
    rule.check("password", password, "Ada", "ada.lovelace@example.org");
  }

  /** Whether an instance of the class is left after a full collection, which this brings about. */
  private static boolean isAnyLiving(String className) throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[] {}},
                new String[] {String[].class.getName()});
    return histogram.toString().lines().anyMatch(line -> line.endsWith(" " + className));
  }
}
