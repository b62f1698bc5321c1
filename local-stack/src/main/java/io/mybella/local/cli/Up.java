package io.mybella.local.cli;

import io.mybella.local.LocalPlatform;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.BoundedLog;
import io.mybella.local.supervisor.StartFailure;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Starts the platform, in this terminal or in the background. */
@Command(
    name = "up",
    description = "Starts the platform and keeps it running.",
    mixinStandardHelpOptions = true,
    modelTransformer = SettingsInHelp.class)
final class Up implements Callable<Integer> {

  static final String READY = "Ready after";

  @ParentCommand private MyBella mybella;
  @Spec private CommandSpec spec;

  @Option(
      names = {"-d", "--detach"},
      description = "Return when the platform is ready, and leave it running.")
  private boolean detach;

  @Option(
      names = "--fake-elevenlabs",
      description =
          "Have a stand-in for ElevenLabs speak, in tones: no key, no costs, and faults on demand.")
  private boolean fakeElevenLabs;

  // Picocli fills the fields above.
  @SuppressWarnings("NullAway.Init")
  Up() {}

  @Override
  public Integer call() throws Exception {
    Settings settings = mybella.settings();
    if (fakeElevenLabs) {
      settings = settings.with(Map.of(Setting.MYBELLA_FAKE_ELEVENLABS.name(), "on"));
    }
    return detach ? inBackground(settings) : here(settings);
  }

  private int here(Settings settings) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    LocalPlatform platform =
        LocalPlatform.prepare(
            settings,
            line -> {
              synchronized (out) {
                out.println(line);
                out.flush();
              }
            });
    AtomicBoolean ending = new AtomicBoolean();
    // Ctrl-C may come at any time from here on, also before everything is started.
    Thread end =
        new Thread(
            () -> {
              ending.set(true);
              out.println("Ending the platform …");
              out.flush();
              long began = System.nanoTime();
              platform.close();
              out.println("Ended after %s s.".formatted(secondsSince(began)));
              out.flush();
            },
            "end");
    Runtime.getRuntime().addShutdownHook(end);
    out.println("MyBella is starting; data and logs are in " + settings.home());
    out.flush();
    try {
      platform.start();
    } catch (StartFailure e) {
      if (ending.get()) {
        // That it did not start is what was asked for.
        new CountDownLatch(1).await();
      }
      throw e;
    }
    String took = secondsSince(start);
    out.println("Seconds of each part: " + secondsOfParts(platform));
    if (platform.wantsCaches()) {
      out.println(
          "Start caches are made once the machine is idle; the next start takes two thirds of"
              + " this.");
    }
    platform
        .fakeElevenLabsUrl()
        .ifPresent(
            url ->
                out.printf(
                    "The voices of ElevenLabs are a stand-in's, which says tones: %s"
                        + " (docs/fake-elevenlabs.md)%n",
                    url));
    out.println("%s %s s: %s/users/personas".formatted(READY, took, platform.baseUrl()));
    out.println("End it with Ctrl-C, or from another terminal with: ./mybella down");
    out.flush();
    Thread.ofVirtual().name("idle-time").start(platform::useIdleTime);
    new CountDownLatch(1).await();
    return 0;
  }

  private static String secondsOfParts(LocalPlatform platform) {
    return platform.ownPartNames().stream()
        .map(
            part ->
                "%s %.1f"
                    .formatted(
                        part,
                        platform.timeToStart(part).map(Duration::toMillis).orElse(0L) / 1000.0))
        .collect(Collectors.joining(", "));
  }

  /** Starts this very command as a process of its own, and shows what it says until it is ready. */
  private int inBackground(Settings settings) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Home home = new Home(settings.home());
    // Says so here, and leaves the log alone, when another one runs.
    LocalPlatform.prepare(settings, line -> {}).close();
    Path log = home.log("supervisor");
    BoundedLog.rotateWhenFull(log);
    long begin = Files.exists(log) ? Files.size(log) : 0;
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      // A Ctrl-C in this terminal, or its end, is not meant for what runs in the background.
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(
        List.of(
            // The script starts the same program with the same options.
            "@" + settings.root().resolve("local-stack/supervisor.args"),
            "-Dmybella.root=" + settings.root(),
            "-cp",
            System.getProperty("java.class.path", ""),
            MyBella.class.getName(),
            "up"));
    if (fakeElevenLabs) {
      command.add("--fake-elevenlabs");
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(new File(isWindows() ? "NUL" : "/dev/null"))
            .start();
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(begin);
      boolean ended = false;
      while (true) {
        String line = file.readLine();
        if (line == null) {
          if (ended) {
            return process.exitValue();
          }
          ended = process.waitFor(100, TimeUnit.MILLISECONDS);
          continue;
        }
        String text =
            new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        if (text.startsWith(READY)) {
          out.println(text);
          out.println("It runs in the background. End it with: ./mybella down");
          out.flush();
          return 0;
        }
        out.println(text);
        out.flush();
      }
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  private static String secondsSince(long nanos) {
    return "%.1f".formatted((System.nanoTime() - nanos) / 1e9);
  }
}
