package io.mybella.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.parts.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTests {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void aTakenPortIsRecognisedAndItsOwnerNamed() throws IOException {
    int port = FreePort.find();
    assertThat(Ports.isFree(LOOPBACK, port)).isTrue();
    try (ServerSocket socket = new ServerSocket(port, 1, LOOPBACK)) {
      assertThat(Ports.isFree(LOOPBACK, socket.getLocalPort())).isFalse();
      ProcessHandle owner = Ports.owner(port).orElseThrow();
      assertThat(owner).isEqualTo(ProcessHandle.current());
      assertThat(Ports.describe(owner)).contains("process " + owner.pid(), "java");
    }
  }
}
