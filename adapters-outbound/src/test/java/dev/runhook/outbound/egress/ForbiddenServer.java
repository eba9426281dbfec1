package dev.runhook.outbound.egress;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// Listens where nobody may call: on the port of a receiver, but on another loopback address.
final class ForbiddenServer implements AutoCloseable {
  static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.2");

  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();

  private ForbiddenServer(ServerSocket server) {
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  /// The test is given up where the system has no such address.
  static ForbiddenServer onPort(int port) throws IOException {
    try {
      return new ForbiddenServer(new ServerSocket(port, 100, ADDRESS));
    } catch (BindException e) {
      return abort("no canary at " + ADDRESS + ":" + port + ": " + e.getMessage());
    }
  }

  /// How many have called.
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
    } catch (IOException _) {
      // closed: the test is over
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
