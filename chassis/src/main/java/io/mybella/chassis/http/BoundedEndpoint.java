package io.mybella.chassis.http;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Accepts connections as the container does, and keeps only so many of those that have no whole
 * request: beyond that the one that has waited longest makes room. Who asks at once is served,
 * however many hold connections and ask nothing. The head of a request must be there in time; the
 * container limits each read alone, which a byte now and then keeps.
 */
final class BoundedEndpoint extends NioEndpoint {

  /** What a connection waits for, and since when. */
  private record Waiting(long since, boolean head) {}

  /** Connections that are being served are not in here. */
  private final Map<SocketWrapperBase<NioChannel>, Waiting> waiting = new ConcurrentHashMap<>();

  private int most = Integer.MAX_VALUE;
  private long headNanos = Long.MAX_VALUE;

  void limit(int waitingConnections, Duration headPatience) {
    most = waitingConnections;
    headNanos = headPatience.toNanos();
  }

  @Override
  public void setHandler(Handler<NioChannel> handler) {
    super.setHandler(new Watch(handler));
  }

  @Override
  protected boolean setSocketOptions(SocketChannel socket) {
    boolean accepted = super.setSocketOptions(socket);
    SocketWrapperBase<NioChannel> connection = connections.get(socket);
    if (connection != null) {
      // It may be served already; then it is not waiting, and is told apart by its first word.
      waiting.putIfAbsent(connection, new Waiting(System.nanoTime(), false));
      if (connection.isClosed()) {
        waiting.remove(connection);
      }
    }
    if (waiting.size() > most) {
      waiting.entrySet().stream()
          .min(Comparator.comparingLong(each -> each.getValue().since()))
          .ifPresent(longest -> dismiss(longest.getKey()));
    }
    return accepted;
  }

  private void dismiss(SocketWrapperBase<NioChannel> connection) {
    waiting.remove(connection);
    processSocket(connection, SocketEvent.ERROR, true);
  }

  private final class Watch implements Handler<NioChannel> {

    private final Handler<NioChannel> handler;

    private Watch(Handler<NioChannel> handler) {
      this.handler = handler;
    }

    @Override
    public SocketState process(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
      Waiting before = waiting.remove(connection);
      SocketState state = handler.process(connection, event);
      if (state == SocketState.OPEN) {
        waiting.put(connection, new Waiting(System.nanoTime(), false));
      } else if (state == SocketState.LONG) {
        Waiting head =
            before != null && before.head() ? before : new Waiting(System.nanoTime(), true);
        if (System.nanoTime() - head.since() > headNanos) {
          return SocketState.CLOSED;
        }
        waiting.put(connection, head);
      }
      return state;
    }

    @Override
    public Object getGlobal() {
      return handler.getGlobal();
    }

    @Override
    public void release(SocketWrapperBase<NioChannel> connection) {
      waiting.remove(connection);
      handler.release(connection);
    }

    @Override
    public void pause() {
      handler.pause();
    }

    @Override
    public void recycle() {
      handler.recycle();
    }
  }
}
