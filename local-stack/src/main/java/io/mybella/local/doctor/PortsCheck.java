package io.mybella.local.doctor;

import io.mybella.local.RunningStack;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.Ports;
import io.mybella.operator.doctor.Check;
import io.mybella.operator.doctor.Finding;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the ports of the stack are its own, or free for its start. */
final class PortsCheck implements Check {

  private final Settings settings;
  private final RunningStack stack;

  PortsCheck(Settings settings, RunningStack stack) {
    this.settings = settings;
    this.stack = stack;
  }

  @Override
  public String name() {
    return "ports";
  }

  @Override
  public List<Finding> look() throws UnknownHostException {
    Set<Long> own =
        stack.parts().stream()
            .flatMap(record -> record.living().stream())
            .map(ProcessHandle::pid)
            .collect(Collectors.toSet());
    List<Finding> findings = new ArrayList<>();
    for (Setting port : ports()) {
      look(port, own, findings);
    }
    return findings.isEmpty()
        ? List.of(about("").ok(own.isEmpty() ? "all are free" : "all are the platform's"))
        : findings;
  }

  private List<Setting> ports() {
    return Arrays.stream(Setting.values())
        .filter(setting -> setting.name().endsWith("_PORT"))
        .filter(
            setting ->
                setting != Setting.MYBELLA_FAKE_ELEVENLABS_PORT
                    || settings.isOn(Setting.MYBELLA_FAKE_ELEVENLABS))
        .toList();
  }

  private void look(Setting setting, Set<Long> own, List<Finding> findings)
      throws UnknownHostException {
    int port = settings.number(setting);
    InetAddress address =
        setting == Setting.MYBELLA_GATEWAY_PORT
            ? InetAddress.getByName(settings.get(Setting.MYBELLA_BIND_ADDRESS))
            : InetAddress.ofLiteral("127.0.0.1");
    if (Ports.isFree(address, port)) {
      return;
    }
    Ports.owner(port)
        .filter(process -> !isOf(process, own))
        .ifPresent(
            stranger ->
                findings.add(
                    about("" + port)
                        .failed(
                            "is taken by " + Ports.describe(stranger),
                            "End that, or set another port: %s".formatted(setting.name()))));
  }

  /** Whether a process is one of them, or was started by one. */
  private static boolean isOf(ProcessHandle process, Set<Long> own) {
    return own.contains(process.pid())
        || process.parent().map(parent -> isOf(parent, own)).orElse(false);
  }
}
