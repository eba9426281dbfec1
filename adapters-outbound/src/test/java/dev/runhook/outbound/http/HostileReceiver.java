package dev.runhook.outbound.http;

import dev.runhook.outbound.egress.LiteralAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/// A receiver on loopback with a configurable [Behavior]. It records the raw requests and knows
/// which connections the sender has closed.
public final class HostileReceiver implements AutoCloseable {
  /// Long enough for a busy machine, and much shorter than connections are kept alive.
  static final Duration SOON = Duration.ofSeconds(5);

  /// Handles one connection. A connection that is still open afterwards stays open until the sender
  /// closes it.
  public interface Behavior {
    void serve(HostileConnection connection) throws IOException;
  }

  private final ServerSocket server;
  private final Behavior behavior;
  private final List<HostileConnection> connections = new CopyOnWriteArrayList<>();
  private int open;

  private HostileReceiver(ServerSocket server, Behavior behavior) {
    this.server = server;
    this.behavior = behavior;
    Thread.ofVirtual().start(this::accept);
  }

  public static HostileReceiver behaving(Behavior behavior) throws IOException {
    return new HostileReceiver(new ServerSocket(0, 100, LiteralAddress.of("127.0.0.1")), behavior);
  }

  public static HostileReceiver overTls(SSLContext tls, Behavior behavior) throws IOException {
    return new HostileReceiver(
        tls.getServerSocketFactory().createServerSocket(0, 100, LiteralAddress.of("127.0.0.1")),
        behavior);
  }

  public int port() {
    return server.getLocalPort();
  }

  List<HostileConnection> connections() {
    return connections;
  }

  public int connectionCount() {
    return connections.size();
  }

  /// Returns the raw requests so far, one character per byte.
  public List<String> requests() {
    return connections.stream().flatMap(connection -> connection.requests().stream()).toList();
  }

  /// Waits until the sender has closed all connections. Returns false if they may be kept alive.
  public boolean awaitAllClosed() throws InterruptedException {
    return awaitAllClosed(SOON);
  }

  /// Waits until the sender has closed all connections. Returns false on a timeout.
  public boolean awaitAllClosed(Duration timeout) throws InterruptedException {
    return awaitAtMostOpen(0, timeout);
  }

  /// Waits until at most `most` connections are open. Returns false on a timeout.
  synchronized boolean awaitAtMostOpen(int most, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    for (long left = timeout.toMillis();
        open > most && left > 0;
        left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return open <= most;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        HostileConnection connection = new HostileConnection(connections.size() + 1, socket);
        connections.add(connection);
        count(1);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException ignored) {
      // the socket was closed at the end of the test
    }
  }

  private void serve(HostileConnection connection) {
    try (connection) {
      behavior.serve(connection);
      connection.awaitEnd();
    } catch (IOException ignored) {
      // the sender has closed or reset the connection
    } finally {
      count(-1);
    }
  }

  private synchronized void count(int change) {
    open += change;
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (HostileConnection connection : connections) {
      connection.close();
    }
  }
}
