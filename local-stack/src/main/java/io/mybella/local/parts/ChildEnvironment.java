package io.mybella.local.parts;

import java.util.Locale;
import java.util.Set;

/**
 * What child processes inherit of the shell that the platform was started from: enough to find
 * programs, folders, the language and the time zone. A {@code SERVER_PORT}, {@code
 * SPRING_PROFILES_ACTIVE} or {@code JAVA_TOOL_OPTIONS} of a developer's other work is not meant for
 * them.
 */
public final class ChildEnvironment {

  private static final Set<String> NAMES =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "LANG",
          "LANGUAGE",
          "TZ",
          "TMPDIR",
          "TMP",
          "TEMP",
          "LD_LIBRARY_PATH",
          "DYLD_LIBRARY_PATH",
          // What Windows itself cannot do without.
          "SYSTEMROOT",
          "SYSTEMDRIVE",
          "WINDIR",
          "COMSPEC",
          "PATHEXT",
          "USERPROFILE",
          "USERNAME",
          "APPDATA",
          "LOCALAPPDATA",
          "PROGRAMDATA",
          "NUMBER_OF_PROCESSORS",
          "PROCESSOR_ARCHITECTURE");

  private static final Set<String> PREFIXES =
      Set.of(
          "LC_",
          "XDG_",
          // Where the AWS SDK finds credentials by itself when files are kept in a bucket.
          "AWS_");

  private ChildEnvironment() {}

  /** Takes away what a process that is about to be started must not inherit. */
  public static void choose(ProcessBuilder process) {
    process.environment().keySet().removeIf(name -> !isInherited(name.toUpperCase(Locale.ROOT)));
  }

  private static boolean isInherited(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }
}
