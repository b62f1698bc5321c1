package io.mybella.operator.doctor;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at an installation, wherever that is. */
@Command(
    name = "doctor",
    description = "Looks at a running installation and says whether all is well, and what to do.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:nothing failed", "1:something failed", "2:the command was not understood"})
public final class DoctorCommand implements Callable<Integer> {

  private final Supplier<Doctor> doctor;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Report as one object of JSON, for programs.")
  private boolean json;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "CHECK",
      description = "Some of the checks, such as --only=broker,roles.")
  private List<String> only = List.of();

  /**
   * The command for an installation.
   *
   * @param doctor who looks at it, asked for when the command runs
   */
  @SuppressWarnings("NullAway.Init")
  public DoctorCommand(Supplier<Doctor> doctor) {
    this.doctor = doctor;
  }

  @Override
  public Integer call() throws InterruptedException {
    return chosen().examine(json, spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  private Doctor chosen() {
    try {
      return only.isEmpty() ? doctor.get() : doctor.get().only(only);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
