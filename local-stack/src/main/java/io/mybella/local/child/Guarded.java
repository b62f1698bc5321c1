package io.mybella.local.child;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main class and ends it, shutdown hooks included, when standard input ends.
 *
 * <p>The supervisor holds the other end. It closes it to end the program on every operating system
 * in the same orderly way; and when the supervisor dies, however suddenly, the operating system
 * closes it, so that no program is left behind. A byte that it sends asks the program to give back
 * the memory that it has no use for.
 *
 * <p>This class stands on the class path of every service and must not need anything but the JDK.
 */
public final class Guarded {

  /**
   * The system property for the seconds that an orderly end may take; 30 without it, which is
   * longer than the services' own limit for a graceful shutdown.
   */
  public static final String END_LIMIT = "mybella.end-limit";

  private static final int END_LIMIT_SECONDS = 30;

  private Guarded() {}

  /**
   * Runs a program.
   *
   * @param arguments the main class, then its own arguments
   */
  public static void main(String[] arguments) throws Throwable {
    Thread.ofPlatform().daemon().name("supervisor-watch").start(Guarded::watch);
    String[] own = Arrays.copyOfRange(arguments, 1, arguments.length);
    try {
      Class.forName(arguments[0])
          .getMethod("main", String[].class)
          .invoke(null, new Object[] {own});
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void watch() {
    try (InputStream supervisor = new FileInputStream(FileDescriptor.in)) {
      while (supervisor.read() >= 0) {
        // What a start leaves behind stays until the heap is full, unless somebody asks.
        System.gc();
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end.
    }
    Thread.ofPlatform()
        .daemon()
        .name("last-resort")
        .start(
            () -> {
              try {
                Thread.sleep(1000L * Integer.getInteger(END_LIMIT, END_LIMIT_SECONDS));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            });
    System.exit(0);
  }
}
