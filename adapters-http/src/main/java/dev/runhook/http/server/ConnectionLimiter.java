package dev.runhook.http.server;

import dev.runhook.http.api.SharedCapacity;
import dev.runhook.http.security.ClientAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections beyond [ConnectionLimits] as soon as they are opened.
final class ConnectionLimiter implements Connection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimiter.class);
  private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

  private final SharedCapacity<String> connections;
  private final Map<Connection, String> addresses = new ConcurrentHashMap<>();
  private final AtomicLong lastLogged = new AtomicLong(System.nanoTime() - LOG_INTERVAL.toNanos());

  ConnectionLimiter(ConnectionLimits limits) {
    this.connections = new SharedCapacity<>(limits.total(), limits.perAddress());
  }

  @Override
  public void onOpened(Connection connection) {
    String address = addressOf(connection);
    if (connections.tryAcquire(address, 1)) {
      addresses.put(connection, address);
    } else {
      connection.close();
      log(address);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    String address = addresses.remove(connection);
    if (address != null) {
      connections.release(address, 1);
    }
  }

  private void log(String address) {
    long now = System.nanoTime();
    long last = lastLogged.get();
    if (now - last >= LOG_INTERVAL.toNanos() && lastLogged.compareAndSet(last, now)) {
      LOG.atWarn()
          .addKeyValue("address", address)
          .log("connections are refused: too many are open");
    }
  }

  private static String addressOf(Connection connection) {
    return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress address
            && address.getAddress() != null
        ? ClientAddress.of(address.getAddress().getHostAddress())
        : "";
  }
}
