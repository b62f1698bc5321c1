package io.mybella.voice.speech.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Lets a request find out whether its caller has closed the connection. The servlet API tells of
 * that only when a write fails, and before its first sound a speech writes nothing; Tomcat
 * registers no interest in a connection whose request has been read. So the end of the stream is
 * looked for by a read that does not wait, and what it may find of a request that follows is put
 * back.
 *
 * <p>A caller that closes only its own half of the connection counts as gone, too: HTTP clients and
 * the gateway do not do that while they wait for an answer.
 */
@Component
final class CallerConnections implements WebServerFactoryCustomizer<TomcatWebServerFactory> {

  private static final Logger LOG = LoggerFactory.getLogger(CallerConnections.class);

  private static final String GONE = CallerConnections.class.getName() + ".gone";

  @Override
  public void customize(TomcatWebServerFactory factory) {
    factory.setProtocol(ObservedProtocol.class.getName());
    factory.addEngineValves(new Look());
  }

  /**
   * Whether the caller of a request whose body was read to its end has left. Only for the thread
   * that serves the request; does not wait.
   */
  static boolean isGone(HttpServletRequest request) {
    return request.getAttribute(GONE) instanceof BooleanSupplier gone && gone.getAsBoolean();
  }

  private static final class Look extends ValveBase {

    private Look() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      request.setAttribute(GONE, (BooleanSupplier) () -> look(request.getCoyoteRequest()));
      getNext().invoke(request, response);
    }

    /**
     * After the end nothing is written any more, so that a caller who only closed its own half does
     * not take half an answer for a whole one.
     */
    private static boolean look(org.apache.coyote.Request request) {
      boolean ended = isAtItsEnd(ObservedProtocol.connectionOf(request));
      if (ended) {
        request.action(ActionCode.CLOSE_NOW, null);
      }
      return ended;
    }

    private static boolean isAtItsEnd(SocketWrapperBase<?> connection) {
      ByteBuffer next = ByteBuffer.allocate(1);
      try {
        int read = connection.read(false, next);
        if (read > 0) {
          connection.unRead(next.flip());
        }
        return read < 0;
      } catch (IOException e) {
        LOG.debug("The connection is at its end", e);
        return true;
      }
    }
  }
}
