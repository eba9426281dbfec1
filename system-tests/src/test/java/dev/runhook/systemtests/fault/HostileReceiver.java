package dev.runhook.systemtests.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A receiver on loopback that means no good.
final class HostileReceiver implements AutoCloseable {
  private final HostileBehavior hostileBehavior;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger acceptedConnections = new AtomicInteger();

  HostileReceiver(HostileBehavior hostility) {
    this.hostileBehavior = hostility;
    try {
      server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("hostile-endpoint").daemon().start(this::acceptAll);
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
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      hostileBehavior.serve(socket);
    } catch (IOException _) {
      // the sender has had enough
    } finally {
      open.remove(socket);
    }
  }
}
