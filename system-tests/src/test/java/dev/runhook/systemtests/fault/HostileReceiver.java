package dev.runhook.systemtests.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A receiver on loopback that violates HTTP or wastes the resources of the sender.
final class HostileReceiver implements AutoCloseable {
  private final HostileBehavior behavior;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger acceptedConnections = new AtomicInteger();

  HostileReceiver(HostileBehavior behavior) {
    this.behavior = behavior;
    try {
      server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("hostile-receiver").daemon().start(this::acceptAll);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/hooks";
  }

  int acceptedConnections() {
    return acceptedConnections.get();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = server.accept();
        acceptedConnections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // the receiver was closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      behavior.serve(socket);
    } catch (IOException _) {
      // the sender has closed the connection
    } finally {
      open.remove(socket);
    }
  }
}
