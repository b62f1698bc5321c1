package io.mybella.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tiny service in place of a real one: it says that it is healthy, ends when asked to crash, and
 * writes down that it was ended in an orderly way.
 *
 * <p>It gets its port as its argument, or, packed as a service's jar, from its environment.
 */
public final class StandInService {

  private static final AtomicInteger PROBES = new AtomicInteger();

  private StandInService() {}

  public static void main(String[] arguments) throws IOException {
    String name = name();
    int port =
        Integer.parseInt(
            arguments.length > 0
                ? arguments[0]
                : System.getenv(
                    "MYBELLA_" + name.replace("-service", "").toUpperCase(Locale.ROOT) + "_PORT"));
    String fate = System.getenv().getOrDefault("STAND_IN_FATE", "");
    if (fate.equals("crash")) {
      System.out.println("The stand-in crashes, as it was told to.");
      Runtime.getRuntime().halt(7);
    }
    String diary = System.getenv("STAND_IN_DIARY");
    if (diary != null) {
      write(diary, name + " started\n");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> write(diary, name + " ended\n")));
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.equals("/crash")) {
            Runtime.getRuntime().halt(7);
          }
          boolean healthy = !path.startsWith("/actuator") || isHealthy(fate);
          if (healthy && diary != null && path.startsWith("/actuator")) {
            write(diary, name + " healthy\n");
          }
          int status = healthy ? 200 : 503;
          String text =
              switch (path) {
                case "/environment" -> System.getenv().toString();
                case "/options" ->
                    ManagementFactory.getRuntimeMXBean().getInputArguments().toString();
                default -> "ok";
              };
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    System.out.println(name + " answers on port " + port);
  }

  /** A slow one is healthy when it is asked for the fifth time, a sick one never. */
  private static boolean isHealthy(String fate) {
    return switch (fate) {
      case "sick" -> false;
      case "slow" -> PROBES.incrementAndGet() >= 5;
      default -> true;
    };
  }

  private static String name() throws IOException {
    String given = System.getenv("STAND_IN_NAME");
    if (given != null) {
      return given;
    }
    try (var in = StandInService.class.getResourceAsStream("/stand-in-name")) {
      return in == null ? "stand-in" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void write(String file, String line) {
    try {
      Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
