package io.mybella.chassis.operator;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Marks requests for what is the operator's that say that a proxy has passed them on. Stands before
 * whatever reads the headers of proxies, and takes them off where it believes them.
 */
final class ForwardedMark implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

  /** The attribute of such a request. */
  static final String FORWARDED = ForwardedMark.class.getName();

  private static final String PATHS = "/internal";

  @Override
  public void customize(TomcatWebServerFactory factory) {
    factory.addEngineValves(new Marking());
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  private static final class Marking extends ValveBase {

    Marking() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      // Of a path that cannot be decoded there is none; it is refused further on.
      String path = request.getDecodedRequestURI();
      if (path != null
          && path.startsWith(PATHS)
          && Collections.list(request.getHeaderNames()).stream().anyMatch(Marking::isOfAProxy)) {
        request.setAttribute(FORWARDED, true);
      }
      getNext().invoke(request, response);
    }

    private static boolean isOfAProxy(String header) {
      String name = header.toLowerCase(Locale.ROOT);
      return name.equals("forwarded") || name.startsWith("x-forwarded-");
    }
  }
}
