package dev.runhook.outbound.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/// A receiver on loopback that does as its [Behavior] says, captures the requests raw, and knows
/// which of its connections the sender has closed.
public final class HostileReceiver implements AutoCloseable {
  /// What happens on one connection; what is left open afterwards stays open until the sender
  /// closes it.
  public interface Behavior {
    void serve(HostileConnection connection) throws IOException;
  }

  private final ServerSocket server;
  private final Behavior behavior;
  private final List<HostileConnection> connections = new CopyOnWriteArrayList<>();
  private int open;

  private HostileReceiver(ServerSocket server, Behavior behaviour) {
    this.server = server;
    this.behavior = behaviour;
    Thread.ofVirtual().start(this::accept);
  }

  public static HostileReceiver behaving(Behavior behaviour) throws IOException {
    return new HostileReceiver(
        new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1")), behaviour);
  }

  public static HostileReceiver overTls(SSLContext tls, Behavior behaviour) throws IOException {
    return new HostileReceiver(
        tls.getServerSocketFactory().createServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1")),
        behaviour);
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connectionCount() {
    return connections.size();
  }

  /// The requests so far, as they came over the wire, one character per byte.
  public List<String> requests() {
    return connections.stream().flatMap(connection -> connection.requests().stream()).toList();
  }

  /// Waits until the sender holds no connection any more; false if it still does after that time.
  public boolean awaitAllClosed(Duration atMost) throws InterruptedException {
    return awaitAtMostOpen(0, atMost);
  }

  /// As [#awaitAllClosed], where so many may be left.
  synchronized boolean awaitAtMostOpen(int most, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toMillis();
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
    } catch (IOException _) {
      // closed: the test is over
    }
  }

  private void serve(HostileConnection connection) {
    try (connection) {
      behavior.serve(connection);
      connection.awaitEnd();
    } catch (IOException _) {
      // the sender has closed or reset it, which is what is waited for
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
