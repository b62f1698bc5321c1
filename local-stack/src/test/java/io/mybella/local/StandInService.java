package io.mybella.local;

import com.sun.net.httpserver.HttpExchange;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tiny service in place of a real one: it says that it is healthy, ends when asked to crash,
 * gives no answer any more when asked to hang, and writes down that it was ended in an orderly way.
 *
 * <p>It gets its port as its argument, or, packed as a service's jar, from its environment.
 */
public final class StandInService {

  private static final AtomicInteger PROBES = new AtomicInteger();
  private static final AtomicBoolean READY = new AtomicBoolean(true);

  private StandInService() {}

  public static void main(String[] arguments) throws IOException {
    String name = name();
    String fate = System.getenv().getOrDefault("MYBELLA_STAND_IN_FATE", "");
    if (fate.equals("crash")) {
      System.out.println("The stand-in crashes, as it was told to.");
      Runtime.getRuntime().halt(7);
    }
    String diary = System.getenv("MYBELLA_STAND_IN_DIARY");
    if (diary != null) {
      write(diary, name + " started\n");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> write(diary, name + " ended\n")));
    }
    String variable = "MYBELLA_" + name.replace("-service", "").toUpperCase(Locale.ROOT);
    int port =
        Integer.parseInt(arguments.length > 0 ? arguments[0] : System.getenv(variable + "_PORT"));
    listen(port, name, fate);
    if (arguments.length == 0) {
      listen(Integer.parseInt(System.getenv("MYBELLA_MANAGEMENT_PORT")), name, fate);
    }
    System.out.println(name + " answers on port " + port);
  }

  private static void listen(int port, String name, String fate) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    server.createContext("/", exchange -> answer(exchange, name, fate));
    server.start();
  }

  private static void answer(HttpExchange exchange, String name, String fate) throws IOException {
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/crash" -> Runtime.getRuntime().halt(7);
      case "/hang" -> hang();
      case "/unready" -> READY.set(false);
      default -> {}
    }
    boolean healthy = isHealthy(path, fate);
    String diary = System.getenv("MYBELLA_STAND_IN_DIARY");
    if (healthy && diary != null && path.startsWith("/actuator")) {
      write(diary, name + " healthy\n");
    }
    int status = healthy ? 200 : 503;
    String text =
        switch (path) {
          case "/environment" -> System.getenv().toString();
          case "/options" -> ManagementFactory.getRuntimeMXBean().getInputArguments().toString();
          default -> "ok";
        };
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** There is one thread for all requests: from here on none is answered. */
  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A slow one is healthy when it is asked for the fifth time, a sick one never. */
  private static boolean isHealthy(String path, String fate) {
    if (!path.startsWith("/actuator")) {
      return true;
    }
    if (path.endsWith("/readiness") && !READY.get()) {
      return false;
    }
    return switch (fate) {
      case "sick" -> false;
      case "slow" -> PROBES.incrementAndGet() >= 5;
      default -> true;
    };
  }

  private static String name() throws IOException {
    String given = System.getenv("MYBELLA_STAND_IN_NAME");
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
