package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.fakeelevenlabs.Account;
import io.mybella.fakeelevenlabs.FakeElevenLabs;
import io.mybella.local.testing.NodeProject;
import io.mybella.local.testing.NodeProject.Run;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The stand-in for ElevenLabs is asked by ElevenLabs' own client for Node: what it understands, a
 * service of ours may rely on. Needs no platform.
 */
@Execution(ExecutionMode.CONCURRENT)
class ElevenLabsClientIT {

  @Test
  void theClientOfElevenLabsUnderstandsTheStandIn() throws IOException {
    NodeProject project = NodeProject.install("system-tests/src/test/node/elevenlabs-client");
    try (FakeElevenLabs fake = new FakeElevenLabs(Account.ofPlan("creator"))) {
      fake.hasUsualVoices();
      try (Run tests = project.test(Map.of("ELEVENLABS_URL", fake.baseUrl()))) {
        assertThat(tests.exitCode()).as("%s", tests.text()).isZero();
        assertThat(tests.text()).contains("# fail 0").doesNotContain("# pass 0", "# skipped 1");
      }
    }
  }
}
