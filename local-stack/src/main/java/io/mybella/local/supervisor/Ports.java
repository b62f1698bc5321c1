package io.mybella.local.supervisor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Tells whether a port is taken, and where it can be found, by whom. */
public final class Ports {

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private Ports() {}

  /** Whether nobody listens on this port of this address. */
  public static boolean isFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As the servers do it: a port of connections that are just closing counts as free.
      socket.setReuseAddress(!System.getProperty("os.name", "").startsWith("Windows"));
      socket.bind(new InetSocketAddress(address, port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /** The process that listens on a port, as far as this user may see it. */
  public static Optional<ProcessHandle> owner(int port) {
    try {
      return Files.isDirectory(Path.of("/proc/net")) ? fromProc(port) : fromLsof(port);
    } catch (IOException cannotBeSeen) {
      return Optional.empty();
    }
  }

  /** "process 123 (java -jar …)", cut to one line. */
  public static String describe(ProcessHandle process) {
    String command =
        process.info().commandLine().or(() -> process.info().command()).orElse("unknown program");
    return "process %d (%s)"
        .formatted(process.pid(), command.length() > 90 ? command.substring(0, 90) + "…" : command);
  }

  private static Optional<ProcessHandle> fromProc(int port) throws IOException {
    String wanted = String.format(":%04X", port);
    for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
      Path file = Path.of(table);
      if (!Files.isReadable(file)) {
        continue;
      }
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode; 0A is LISTEN
        String[] fields = SPACES.split(line.strip(), -1);
        if (fields.length > 9 && fields[1].endsWith(wanted) && fields[3].equals("0A")) {
          Optional<ProcessHandle> owner = holderOf("socket:[" + fields[9] + "]");
          if (owner.isPresent()) {
            return owner;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<ProcessHandle> holderOf(String socket) {
    return ProcessHandle.allProcesses().filter(process -> holds(process.pid(), socket)).findFirst();
  }

  private static boolean holds(long pid, String socket) {
    Path descriptors = Path.of("/proc", Long.toString(pid), "fd");
    try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        if (Files.readSymbolicLink(link).toString().equals(socket)) {
          return true;
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException notOurs) {
      // Other users' processes, and such as end meanwhile, cannot be looked at.
      return false;
    }
    return false;
  }

  private static Optional<ProcessHandle> fromLsof(int port) throws IOException {
    Process lsof =
        new ProcessBuilder("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String answer = new String(lsof.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    try {
      lsof.waitFor(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer
        .lines()
        .findFirst()
        .map(String::strip)
        .filter(line -> line.matches("\\d+"))
        .flatMap(line -> ProcessHandle.of(Long.parseLong(line)));
  }
}
