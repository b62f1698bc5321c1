package io.mybella.local.parts;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets a program that is none of ours end with the process that started it: when the other end of
 * its standard input is gone, closed or its holder dead, it gets a signal. Needs a Unix shell.
 */
public final class Leash {

  private static final String SCRIPT =
      """
      signal=$1
      shift
      exec 3<&0
      "$@" 3<&- </dev/null &
      program=$!
      { while read -r line <&3; do :; done; kill -$signal $program 2>/dev/null; } &
      guard=$!
      exec 3<&-
      trap : INT TERM HUP
      wait $program
      code=$?
      while kill -0 $program 2>/dev/null; do wait $program; code=$?; done
      kill $guard 2>/dev/null
      exit $code
      """;

  private Leash() {}

  /**
   * The command line that runs a program on a leash; where there is no Unix shell, just the
   * program.
   *
   * @param signal sent when standard input has ended, such as {@code INT}
   * @param command the program and its arguments
   */
  public static List<String> command(String signal, List<String> command) {
    if (PostgresBinaries.WINDOWS) {
      return command;
    }
    List<String> leashed = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "leash", signal));
    leashed.addAll(command);
    return leashed;
  }
}
