package io.mybella.local;

import io.mybella.local.child.Guarded;
import io.mybella.local.parts.FreePort;
import io.mybella.local.supervisor.Probe;
import io.mybella.local.supervisor.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A part that is a {@link StandInService} in a small JVM of its own. */
public final class StandInProgram {

  private StandInProgram() {}

  /**
   * One on a free port.
   *
   * @param folder where its log is kept
   * @param environment what it gets besides its name
   * @param options more of its JVM
   */
  public static Program in(
      Path folder, String name, Map<String, String> environment, String... options) {
    int port = FreePort.find();
    Map<String, String> named = new HashMap<>(environment);
    named.put("MYBELLA_STAND_IN_NAME", name);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Guarded.class.getName(),
            StandInService.class.getName(),
            "" + port));
    return new Program(
        name,
        port,
        "http://127.0.0.1:" + port,
        folder.resolve(name + ".log"),
        command,
        named,
        new Probe.Service(port));
  }
}
