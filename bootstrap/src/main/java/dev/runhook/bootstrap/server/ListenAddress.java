package dev.runhook.bootstrap.server;

import dev.runhook.bootstrap.setting.ConfigurationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks the listen address before anything else is started or stored, so that a wrong one is
/// reported in one line that names the setting.
final class ListenAddress {
  private static final Logger LOG = LoggerFactory.getLogger(ListenAddress.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private ListenAddress() {}

  /// Requires that the server can listen on the address. The port may still be taken a moment
  /// later.
  ///
  /// @param waits whether to wait while the port is in use, because another process may be about to
  ///   release it
  /// @throws ConfigurationException if the host is not an address of this machine, or the port is
  ///   in use and this does not wait
  static void requireAvailable(String host, int port, boolean waits) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw notLocal(host, "not a known host name");
    }
    for (boolean first = true; ; first = false) {
      try {
        listen(address);
        return;
      } catch (IOException e) {
        requireLocal(host, address);
        if (!waits) {
          throw new ConfigurationException(unavailable(host, port, e));
        }
        if (first) {
          LOG.warn("{}; retrying", unavailable(host, port, e));
        }
        LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
      }
    }
  }

  static String unavailable(String host, int port, Exception reason) {
    return "RUNHOOK_PORT: cannot listen on %s:%d (%s); stop the process on that port or set another port"
        .formatted(host, port, reason.getMessage());
  }

  /// If no port is available, the address is wrong.
  private static void requireLocal(String host, InetSocketAddress address) {
    try {
      listen(new InetSocketAddress(address.getAddress(), 0));
    } catch (IOException _) {
      throw notLocal(host, "not an address of this machine");
    }
  }

  private static void listen(InetSocketAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as the server does
      socket.bind(address);
    }
  }

  private static ConfigurationException notLocal(String host, String reason) {
    return new ConfigurationException(
        "RUNHOOK_HOST: cannot listen on \"%s\", which is %s; set an address of this machine, or 0.0.0.0"
            .formatted(host, reason));
  }
}
