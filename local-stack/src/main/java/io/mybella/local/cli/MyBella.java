package io.mybella.local.cli;

import io.mybella.local.LocalPlatform;
import io.mybella.local.RunningStack;
import io.mybella.local.doctor.LocalDoctor;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.StartFailure;
import io.mybella.operator.PlatformAccess;
import io.mybella.operator.doctor.DoctorCommand;
import io.mybella.operator.importing.ImportCommand;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The program behind the script {@code mybella}. */
@Command(
    name = "mybella",
    description = "Runs the MyBella platform on this machine.",
    footer = {
      "",
      "What the script does by itself:",
      "  bench    Measures the platform that runs (./mybella bench --help)."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Up.class,
      Down.class,
      Status.class,
      Logs.class,
      Reset.class,
      Extract.class,
      HelpCommand.class
    })
public final class MyBella implements Runnable {

  /** Commands whose report no log of a library should disturb. */
  private static final Set<String> OF_THE_OPERATOR = Set.of("doctor", "import");

  private final Map<String, String> environment;

  MyBella(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Runs a command and ends with its exit code.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    if (arguments.length > 0 && OF_THE_OPERATOR.contains(arguments[0])) {
      System.setProperty("logback.configurationFile", "operator-logback.xml");
    }
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  static CommandLine commandLine(Map<String, String> environment) {
    MyBella mybella = new MyBella(environment);
    return new CommandLine(mybella)
        .addSubcommand(new ImportCommand(mybella::platform))
        .addSubcommand(new DoctorCommand(() -> LocalDoctor.of(mybella.settings())))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              // These say what to do; a stack trace would bury it.
              if (failure instanceof StartFailure
                  || failure instanceof IllegalArgumentException
                  || failure instanceof IllegalStateException
                  || failure instanceof UncheckedIOException) {
                command.getErr().println(failure.getMessage());
                if (failure.getCause() != null) {
                  command.getErr().println("  " + failure.getCause());
                }
                return 1;
              }
              throw failure;
            });
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  Settings settings() {
    return Settings.read(LocalPlatform.projectRoot(), environment);
  }

  Home home() {
    return new Home(settings().home());
  }

  private PlatformAccess platform() {
    Settings settings = settings();
    return new RunningStack(new Home(settings.home())).access(settings);
  }
}
