package io.mybella.local.cli;

import io.mybella.local.RunningStack;
import io.mybella.local.settings.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Deletes all data of the stack. */
@Command(
    name = "reset",
    description =
        "Ends the platform and deletes all its data: accounts, personas, memories, voices.",
    mixinStandardHelpOptions = true)
final class Reset implements Callable<Integer> {

  @ParentCommand private MyBella mybella;
  @Spec private CommandSpec spec;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @SuppressWarnings("NullAway.Init")
  Reset() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Home home = mybella.home();
    if (!yes && !confirmed(out, home)) {
      out.println("Nothing was deleted.");
      return 1;
    }
    new RunningStack(home).reset(out::println);
    out.println("All data in " + home.folder() + " are deleted.");
    return 0;
  }

  private static boolean confirmed(PrintWriter out, Home home) throws IOException {
    out.print(
        "This deletes all accounts, personas, memories and voices in "
            + home.folder()
            + ".\nType yes to go on: ");
    out.flush();
    // Not closed: standard input is not ours.
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    String answer = in.readLine();
    return answer != null && answer.strip().equals("yes");
  }
}
