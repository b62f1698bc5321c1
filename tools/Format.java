import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks or applies google-java-format to every Java file of the project: {@code check <root>} or {@code apply <root>}.
 *
 * <p>Spotless runs google-java-format inside Maven's own JVM, whose parser must know the language level of the sources.
 * Maven may run on JDK 17 here while the sources are Java 25, so the formatter runs on the toolchain's JDK instead
 * (docs/decisions/0002-formatting.md).
 */
final class Format {

  public static void main(String[] arguments) throws IOException {
    boolean apply = arguments[0].equals("apply");
    Path root = Path.of(arguments[1]);
    // Nothing else of a build runs meanwhile.
    List<Path> unformatted =
        sources(root).parallelStream().filter(file -> isChanged(file, apply)).toList();
    unformatted.forEach(file -> System.err.println((apply ? "formatted " : "not formatted: ") + root.relativize(file)));
    if (!apply && !unformatted.isEmpty()) {
      System.err.println("Run ./mvnw -N -Pformat validate to format them.");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java") && file.toString().contains("src"))
          .filter(file -> !root.relativize(file).toString().matches("(.*/)?(target|node_modules|\\..*)/.*"))
          .toList();
    }
  }

  /** Whether formatting changes the file; writes what it then is, if that is wanted. */
  private static boolean isChanged(Path file, boolean apply) {
    try {
      String source = Files.readString(file);
      String formatted = format(file, source);
      if (formatted.equals(source)) {
        return false;
      }
      if (apply) {
        Files.writeString(file, formatted);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String format(Path file, String source) {
    try {
      return new Formatter().formatSourceAndFixImports(source);
    } catch (FormatterException e) {
      throw new IllegalStateException("Cannot parse " + file + ": " + e.getMessage(), e);
    }
  }
}
