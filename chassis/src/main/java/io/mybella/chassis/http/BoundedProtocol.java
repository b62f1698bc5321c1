package io.mybella.chassis.http;

import java.time.Duration;
import org.apache.coyote.http11.Http11NioProtocol;

/**
 * HTTP/1.1 over connections of which only so many wait: see {@link BoundedEndpoint}. Public because
 * the container makes it by its name, and open because a service may have to see more of its
 * connections.
 */
public class BoundedProtocol extends Http11NioProtocol {

  private final BoundedEndpoint connections;

  /** A protocol without limits of its own until they are set. */
  public BoundedProtocol() {
    this(new BoundedEndpoint());
  }

  private BoundedProtocol(BoundedEndpoint connections) {
    super(connections);
    this.connections = connections;
  }

  /** Limits what waits, before the first connection. */
  void limit(int waiting, Duration headPatience) {
    connections.limit(waiting, headPatience);
  }
}
