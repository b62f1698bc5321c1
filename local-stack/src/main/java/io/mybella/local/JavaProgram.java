package io.mybella.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a part in Java is run with.
 *
 * @param part the part's name
 * @param options the JVM's options
 * @param classPath what stands on its class path
 * @param files everything that the program is made of
 * @param main the main class and its arguments
 * @param cache its start cache, whether it exists or not
 */
record JavaProgram(
    String part,
    List<String> options,
    String classPath,
    List<Path> files,
    List<String> main,
    StartCache cache) {

  /** The same with more options for the JVM, which its cache has to bear. */
  JavaProgram with(List<String> more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(more);
    return new JavaProgram(part, all, classPath, files, main, cache);
  }

  /**
   * Its command line.
   *
   * @param argumentFile where the options are written to
   * @param more options besides its own
   */
  List<String> command(Path argumentFile, List<String> more) throws IOException {
    List<String> arguments = new ArrayList<>(with(more).options());
    arguments.addAll(List.of("-cp", classPath));
    arguments.addAll(main);
    return Jvm.command(argumentFile, arguments);
  }
}
