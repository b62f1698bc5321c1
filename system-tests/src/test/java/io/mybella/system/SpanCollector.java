package io.mybella.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Stands in for a collector of OpenTelemetry: takes spans over OTLP/HTTP and keeps them. */
final class SpanCollector implements AutoCloseable {

  /**
   * A step of a trace that a service has recorded.
   *
   * @param service who recorded it
   * @param kind such as {@code SERVER}
   * @param parent the id of the step that caused it; empty for the first one
   */
  record Recorded(
      String trace, String id, String parent, String service, String kind, String name) {}

  private static final String PATH = "/v1/traces";
  private static final HexFormat HEX = HexFormat.of();

  private final List<Recorded> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  SpanCollector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(PATH, this::take);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Where spans are sent to. */
  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
  }

  /** All that has come of a trace so far. */
  List<Recorded> of(String trace) {
    return spans.stream().filter(each -> each.trace().equals(trace)).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
          .flatMap(SpanCollector::recorded)
          .forEach(spans::add);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static Stream<Recorded> recorded(ResourceSpans resource) {
    String service =
        resource.getResource().getAttributesList().stream()
            .filter(each -> each.getKey().equals("service.name"))
            .map(each -> each.getValue().getStringValue())
            .findFirst()
            .orElseThrow();
    return resource.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span -> recorded(service, span));
  }

  private static Recorded recorded(String service, Span span) {
    return new Recorded(
        HEX.formatHex(span.getTraceId().toByteArray()),
        HEX.formatHex(span.getSpanId().toByteArray()),
        HEX.formatHex(span.getParentSpanId().toByteArray()),
        service,
        span.getKind().name().replace("SPAN_KIND_", ""),
        span.getName());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
