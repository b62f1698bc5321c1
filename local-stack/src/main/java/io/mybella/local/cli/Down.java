package io.mybella.local.cli;

import io.mybella.local.RunningStack;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Ends the platform, also one whose supervisor was killed. */
@Command(
    name = "down",
    description = "Ends the platform, wherever it was started.",
    mixinStandardHelpOptions = true)
final class Down implements Callable<Integer> {

  @ParentCommand private MyBella mybella;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  Down() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    boolean ran = new RunningStack(mybella.home()).end(out::println);
    out.println(ran ? "The platform is down." : "The platform does not run.");
    return 0;
  }
}
