package dev.runhook.bench.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// One thread that answers every POST with an empty 200 at once, except below `/hang`, where it
/// never answers.
public final class Sink {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ReceiptLog receiptLog;
  private final Selector selector;
  private final ByteBuffer answer = ByteBuffer.allocateDirect(OK.length).put(OK);

  private Sink(ReceiptLog receipts, Selector selector) {
    this.receiptLog = receipts;
    this.selector = selector;
  }

  /// Arguments: the file of receipts, and how many fit. Prints the port; ends with its input.
  public static void main(String[] arguments) throws IOException {
    ReceiptLog receipts = ReceiptLog.map(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.configureBlocking(false);
    Selector selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    System.out.println(
        "ready " + ((InetSocketAddress) server.getLocalAddress()).getPort()); // for the parent
    Thread.ofPlatform().daemon().start(Sink::endWithInput);
    new Sink(receipts, selector).serve();
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {
        // nothing is said to a sink
      }
    } catch (IOException _) {
      // the parent is gone
    }
    System.exit(0);
  }

  private void serve() throws IOException {
    while (selector.isOpen()) {
      selector.select(this::handle);
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept((ServerSocketChannel) key.channel());
      } else {
        read(key, (SocketChannel) key.channel());
      }
    } catch (IOException _) {
      close(key);
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    SocketChannel channel = server.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      channel.socket().setTcpNoDelay(true);
      channel.register(selector, SelectionKey.OP_READ, new RequestReader());
    }
  }

  private void read(SelectionKey key, SocketChannel channel) throws IOException {
    RequestReader requestReader = (RequestReader) key.attachment();
    int read = channel.read(requestReader.readBuffer());
    if (read < 0) {
      close(key);
      return;
    }
    while (requestReader.hasRequest()) {
      if (!requestReader.mustHang()) {
        receiptLog.add(requestReader.receipt(System.nanoTime()));
        channel.write(answer.flip()); // 38 bytes always fit into an idle socket's buffer
      }
      requestReader.discardRequest();
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
