package io.mybella.chassis.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One step of a trace: the value of a {@code traceparent} header (W3C Trace Context, section 3.2).
 *
 * @param traceId 32 hexadecimal digits, the same for everything that one request causes
 * @param spanId 16 hexadecimal digits, new for every step
 * @param sampled whether the caller may have recorded its step
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {

  /** The header of requests and events. */
  public static final String HEADER = "traceparent";

  /** The fields of a log line; the names are those of OpenTelemetry's log instrumentation. */
  private static final String TRACE_FIELD = "trace_id";

  private static final String SPAN_FIELD = "span_id";
  private static final String FLAGS_FIELD = "trace_flags";

  /** Where the parts of a header begin and end: version, trace, step and flags, with dashes. */
  private static final int TRACE_AT = 3;

  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;
  private static final int END = 55;

  /** A trace of its own, for what no request causes. Not sampled: it is not recorded. */
  public static TraceParent root() {
    return new TraceParent(hex() + hex(), hex(), false);
  }

  /** The step that a header names; empty when it names none. */
  public static Optional<TraceParent> of(@Nullable String header) {
    if (header == null || !isWellFormed(header)) {
      return Optional.empty();
    }
    boolean sampled = (HexFormat.fromHexDigit(header.charAt(END - 1)) & 1) == 1;
    return Optional.of(
        new TraceParent(
            header.substring(TRACE_AT, SPAN_AT - 1),
            header.substring(SPAN_AT, FLAGS_AT - 1),
            sampled));
  }

  /** The next step of the trace that a header names; a new trace when it names none. */
  public static TraceParent continuing(@Nullable String header) {
    return of(header)
        .map(given -> new TraceParent(given.traceId, hex(), given.sampled))
        .orElseGet(TraceParent::root);
  }

  private static boolean isWellFormed(String header) {
    return header.length() >= END
        && isHex(header, 0, TRACE_AT - 1)
        && isId(header, TRACE_AT, SPAN_AT - 1)
        && isId(header, SPAN_AT, FLAGS_AT - 1)
        && header.charAt(FLAGS_AT - 1) == '-'
        && isHex(header, FLAGS_AT, END)
        && !header.startsWith("ff")
        && (header.length() == END || mayGoOn(header));
  }

  /** Only a later version than 00 may have more at its end, which is not read (section 3.2.4). */
  private static boolean mayGoOn(String header) {
    return !header.startsWith("00") && header.charAt(END) == '-';
  }

  /** A dash and digits that are not all zero. */
  private static boolean isId(String header, int from, int to) {
    if (header.charAt(from - 1) != '-' || !isHex(header, from, to)) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (header.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  /** Small letters alone: others are malformed (section 3.2.2). */
  private static boolean isHex(String header, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = header.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The step under way on this thread. */
  public static Optional<TraceParent> current() {
    String traceId = MDC.get(TRACE_FIELD);
    String spanId = MDC.get(SPAN_FIELD);
    return traceId == null || spanId == null
        ? Optional.empty()
        : Optional.of(new TraceParent(traceId, spanId, "01".equals(MDC.get(FLAGS_FIELD))));
  }

  /** Makes this the step under way on this thread, in its log lines too. */
  public void enter() {
    MDC.put(TRACE_FIELD, traceId);
    MDC.put(SPAN_FIELD, spanId);
    MDC.put(FLAGS_FIELD, flags());
  }

  /** Ends the step under way on this thread. */
  public static void leave() {
    MDC.remove(TRACE_FIELD);
    MDC.remove(SPAN_FIELD);
    MDC.remove(FLAGS_FIELD);
  }

  /** The value of the header. */
  public String header() {
    return "00-" + traceId + "-" + spanId + "-" + flags();
  }

  private String flags() {
    return sampled ? "01" : "00";
  }

  /** 64 random bits that are not all zero. */
  private static String hex() {
    long bits = ThreadLocalRandom.current().nextLong();
    return bits == 0 ? hex() : HexFormat.of().toHexDigits(bits);
  }
}
