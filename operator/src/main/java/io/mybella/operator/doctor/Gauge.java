package io.mybella.operator.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * A measure of a service that says when something is wrong.
 *
 * @param check the name of the check it belongs to
 * @param metric its name
 * @param label a label that counts alone, such as {@code state}; empty where all count
 * @param value of that label
 * @param above the greatest unremarkable value
 * @param severity what more than that is
 * @param result what more than that means, with a place for the number
 * @param advice what to do then
 */
record Gauge(
    String check,
    String metric,
    String label,
    String value,
    double above,
    Outcome severity,
    String result,
    String advice) {

  Gauge(String check, String metric, double above, Outcome severity, String result, String advice) {
    this(check, metric, "", "", above, severity, result, advice);
  }

  /** What it says of a service, if anything is wrong. */
  Optional<Finding> judge(Part part, Metrics metrics) {
    return metrics.named(metric).stream()
        .filter(sample -> label.isEmpty() || sample.has(label, value))
        .mapToDouble(Metrics.Sample::value)
        .filter(number -> number > above)
        .max()
        .stream()
        .mapToObj(
            worst ->
                new Finding(
                    check,
                    part.module(),
                    severity,
                    String.format(Locale.ROOT, result, worst),
                    advice))
        .findFirst();
  }
}
