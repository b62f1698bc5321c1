package io.mybella.memory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Waits for the vectors of what was stored, as the figures of memory-service tell of them. */
final class VectorsInTheMaking {

  private static final Pattern WAITING =
      Pattern.compile("mybella_memory_work_waiting\\{[^}]*kind=\"embed\"[^}]*} (\\S+)");

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration MOST = Duration.ofHours(1);

  private final HttpRequest figures;

  VectorsInTheMaking(String managementPort) {
    this.figures =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus"))
            .build();
  }

  /** Returns when no vector is waiting to be made, at once where none are; fails after an hour. */
  void await() {
    long end = System.nanoTime() + MOST.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (waiting(http.send(figures, BodyHandlers.ofString()).body()) > 0) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("Vectors are still waiting to be made");
        }
        Thread.sleep(PAUSE);
      }
    } catch (IOException failed) {
      throw new IllegalStateException("memory-service does not tell its figures", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", stopped);
    }
  }

  private static double waiting(String told) {
    Matcher waiting = WAITING.matcher(told);
    return waiting.find() ? Double.parseDouble(waiting.group(1)) : 0;
  }
}
