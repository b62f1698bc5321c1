package io.mybella.chassis.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.springframework.util.unit.DataSize;

/**
 * Bodies have to arrive in time, whoever reads them: a handler, the container's form, an upload or
 * a request on its way to another service. The container has a limit for each read alone, which a
 * byte now and then keeps.
 */
final class PacedBodyValve extends ValveBase {

  private final Duration patience;
  private final long bytesPerSecond;

  PacedBodyValve(Duration patience, DataSize rate) {
    super(true);
    this.patience = patience;
    this.bytesPerSecond = Math.max(1, rate.toBytes());
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    org.apache.coyote.Request incoming = request.getCoyoteRequest();
    InputBuffer unpaced = incoming.getInputBuffer();
    incoming.setInputBuffer(new Paced(incoming, unpaced));
    try {
      getNext().invoke(request, response);
    } finally {
      // The connection uses the same object for its next request.
      incoming.setInputBuffer(unpaced);
    }
  }

  private final class Paced implements InputBuffer {

    private final org.apache.coyote.Request request;
    private final InputBuffer body;
    private long start;
    private long arrived;

    private Paced(org.apache.coyote.Request request, InputBuffer body) {
      this.request = request;
      this.body = body;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
      if (start == 0) {
        start = System.nanoTime();
      }
      int count = body.doRead(handler);
      arrived += Math.max(0, count);
      if (count > 0 && System.nanoTime() - start > allowed()) {
        // Else the container reads what is left of it, to keep the connection.
        request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        throw new SocketTimeoutException(
            "The body is slower than %d bytes a second".formatted(bytesPerSecond));
      }
      return count;
    }

    private long allowed() {
      return patience.plusMillis(arrived * 1_000 / bytesPerSecond).toNanos();
    }

    @Override
    public int available() {
      return body.available();
    }
  }
}
