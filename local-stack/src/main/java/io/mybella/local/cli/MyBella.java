package io.mybella.local.cli;

import io.mybella.local.LocalPlatform;
import io.mybella.local.RunningStack;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.StartFailure;
import io.mybella.operator.PlatformAccess;
import io.mybella.operator.importing.ImportCommand;
import java.io.UncheckedIOException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The program behind the script {@code mybella}. */
@Command(
    name = "mybella",
    description = "Runs the MyBella platform on this machine.",
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
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  static CommandLine commandLine(Map<String, String> environment) {
    MyBella mybella = new MyBella(environment);
    return new CommandLine(mybella)
        .addSubcommand(new ImportCommand(mybella::platform))
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
