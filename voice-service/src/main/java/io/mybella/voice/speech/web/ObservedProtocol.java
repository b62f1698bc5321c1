package io.mybella.voice.speech.web;

import io.mybella.chassis.http.BoundedProtocol;
import java.io.IOException;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP/1.1 as every service has it, except that a request knows its connection. Made by Tomcat from
 * its name, so it is public.
 */
public final class ObservedProtocol extends BoundedProtocol {

  /** Tomcat leaves the notes to whoever wants one; its own connector takes the first two. */
  private static final int CONNECTION = 16;

  /** The connection of a request, while the request is served. */
  static SocketWrapperBase<?> connectionOf(Request request) {
    return (SocketWrapperBase<?>) request.getNote(CONNECTION);
  }

  @Override
  protected Processor createProcessor() {
    return new Http11Processor(this, getAdapter()) {
      @Override
      public SocketState service(SocketWrapperBase<?> connection) throws IOException {
        request.setNote(CONNECTION, connection);
        return super.service(connection);
      }
    };
  }
}
