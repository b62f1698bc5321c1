package io.mybella.operator.doctor;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a service measures, read once from the text format of Prometheus. */
final class Metrics {

  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)\\})? ([-+.\\w]+)(?: \\d+)?");

  private final List<Sample> samples;

  private Metrics(List<Sample> samples) {
    this.samples = samples;
  }

  /**
   * Asks a service.
   *
   * @throws IOException when it does not tell
   */
  static Metrics of(HttpClient client, Installation installation, Part part)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        Web.get(client, installation.management(part).resolve("/actuator/prometheus"), Map.of());
    if (answer.statusCode() != 200) {
      throw new IOException("the metrics answer " + answer.statusCode());
    }
    return parse(answer.body());
  }

  static Metrics parse(String text) {
    return new Metrics(
        text.lines()
            .filter(line -> !line.startsWith("#"))
            .map(SAMPLE::matcher)
            .filter(Matcher::matches)
            .map(Sample::of)
            .toList());
  }

  /** The samples of that name. */
  List<Sample> named(String name) {
    return samples.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /**
   * A value at the moment.
   *
   * @param name of the metric
   * @param labels as they are written, without the braces
   * @param value what it was
   */
  record Sample(String name, String labels, double value) {

    private static Sample of(Matcher line) {
      String labels = line.group(2);
      return new Sample(line.group(1), labels == null ? "" : labels, number(line.group(3)));
    }

    private static double number(String text) {
      return switch (text) {
        case "+Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    }

    /** Whether it has that value of that label. */
    boolean has(String label, String value) {
      return labels.contains(label + "=\"" + value + "\"");
    }
  }
}
