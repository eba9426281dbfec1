package dev.runhook.systemtests.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Accepts any number of connections and requests and never responds. Closes the connections that
/// the sender has closed.
final class UnresponsiveReceiver implements AutoCloseable {
  private static final int BACKLOG = 20_000;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
  private final ConcurrencyGauge open = new ConcurrencyGauge();

  UnresponsiveReceiver() {
    try {
      selector = Selector.open();
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("unresponsive-receiver").daemon().start(this::serve);
  }

  int port() {
    return server.socket().getLocalPort();
  }

  /// The largest number of connections that were open at the same time.
  int maxOpenConnections() {
    return open.max();
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select(this::serve);
      }
    } catch (IOException | ClosedSelectorException _) {
      // the receiver was closed
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.channel() instanceof SocketChannel client) {
        discard(client);
      } else {
        accept();
      }
    } catch (IOException _) {
      // the sender reset the connection, or this receiver closed it
    }
  }

  private void accept() throws IOException {
    SocketChannel client = server.accept();
    if (client != null) {
      client.configureBlocking(false);
      client.register(selector, SelectionKey.OP_READ);
      open.enter();
    }
  }

  private void discard(SocketChannel client) throws IOException {
    buffer.clear();
    boolean ended = true;
    try {
      ended = client.read(buffer) < 0;
    } finally {
      if (ended) {
        open.leave();
        client.close();
      }
    }
  }
}
