package dev.runhook.bootstrap.server;

import dev.runhook.bootstrap.setting.ConfigurationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Where a server listens. Asked for before anything else is started or kept, so that whoever
/// cannot have it is told so in one line, and of the setting that mends it.
final class ListenAddress {
  private ListenAddress() {}

  /// A [ConfigurationException] says why the server cannot listen there. What is free now may be
  /// taken a moment later.
  static void requireAvailable(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw notHere(host, "no name that this machine knows");
    }
    try {
      listen(address);
    } catch (IOException why) {
      requireHere(host, address);
      throw unavailable(host, port, String.valueOf(why.getMessage()));
    }
  }

  static ConfigurationException unavailable(String host, int port, String why) {
    return new ConfigurationException(
        "RUNHOOK_PORT: cannot listen on %s:%d (%s); stop what does or give another port (0 picks a free one)"
            .formatted(host, port, why));
  }

  /// Whoever cannot have any port has the wrong address.
  private static void requireHere(String host, InetSocketAddress address) {
    try {
      listen(new InetSocketAddress(address.getAddress(), 0));
    } catch (IOException _) {
      throw notHere(host, "no address of this machine");
    }
  }

  private static void listen(InetSocketAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as the server does
      socket.bind(address);
    }
  }

  private static ConfigurationException notHere(String host, String what) {
    return new ConfigurationException(
        "RUNHOOK_HOST: cannot listen on \"%s\", which is %s; give 127.0.0.1, another address of it, or 0.0.0.0 for all"
            .formatted(host, what));
  }
}
