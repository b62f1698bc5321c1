package io.mybella.operator;

import io.mybella.operator.doctor.Doctor;
import io.mybella.operator.doctor.DoctorCommand;
import io.mybella.operator.doctor.Installation;
import io.mybella.operator.importing.ImportCommand;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The program in containers: {@code java -jar operator.jar COMMAND}. Addresses and token come from
 * the environment. {@code ./mybella} runs the same commands against the local stack.
 */
@Command(
    name = "operator",
    description = "Works on a running MyBella platform from outside.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {HelpCommand.class})
public final class Operator implements Runnable {

  @Spec private CommandSpec spec;

  // Picocli fills the field above.
  @SuppressWarnings("NullAway.Init")
  private Operator() {}

  /**
   * Runs a command and ends with its exit status.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "operator-logback.xml");
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  /**
   * The program before it runs. Every command is registered here.
   *
   * @param environment has the addresses and the token
   */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new Operator())
        .addSubcommand(new ImportCommand(() -> PlatformAccess.of(environment)))
        .addSubcommand(
            new DoctorCommand(() -> new Doctor(new Installation(environment), List.of())));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
