package io.mybella.local;

import io.mybella.local.settings.Settings;
import java.net.URI;

/**
 * One running instance of a service.
 *
 * @param part its name among the parts
 * @param port the TCP port it listens on at 127.0.0.1
 * @param managementPort the TCP port at 127.0.0.1 of its health and metrics
 */
public record Instance(String part, int port, int managementPort) {

  /** The instance that every platform has; the others send their requests to it. */
  static Instance first(Service service, Settings settings) {
    return new Instance(
        service.module(),
        settings.number(service.port()),
        settings.number(service.managementPort()));
  }

  /** Where it answers. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }
}
