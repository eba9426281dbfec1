package dev.runhook.outbound.egress;

import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts connections to a forbidden loopback address on the port of a receiver.
final class ForbiddenServer implements AutoCloseable {
  static final InetAddress ADDRESS = LiteralAddress.of("127.0.0.2");

  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();

  private ForbiddenServer(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  /// Skips the test if the system does not have the address.
  static ForbiddenServer onPort(int port) throws IOException {
    try {
      return new ForbiddenServer(new ServerSocket(port, 100, ADDRESS));
    } catch (BindException e) {
      throw Prerequisite.missing(
          "cannot listen at " + ADDRESS + ":" + port + ": " + e.getMessage());
    }
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = server.accept();
        connections.incrementAndGet();
        caller.close();
      }
    } catch (IOException ignored) {
      // the socket was closed at the end of the test
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
