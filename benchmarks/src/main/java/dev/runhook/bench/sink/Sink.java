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
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Responds to every POST immediately with an empty 200, from one thread. It never responds if the
/// path begins with `/hang`.
public final class Sink {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ReceiptLog receipts;
  private final Selector selector;
  private final Mac mac;
  private final ByteBuffer response = ByteBuffer.allocateDirect(OK.length).put(OK);

  private Sink(ReceiptLog receipts, Selector selector, Mac mac) {
    this.receipts = receipts;
    this.selector = selector;
    this.mac = mac;
  }

  /// Arguments: the receipt log, its capacity, and the secret of all webhooks. Prints the port, and
  /// exits when its input ends.
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    ReceiptLog receipts = ReceiptLog.map(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(arguments[2].getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.configureBlocking(false);
    Selector selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    System.out.println(
        "ready "
            + ((InetSocketAddress) server.getLocalAddress())
                .getPort()); // read by the parent process
    Thread.ofPlatform().daemon().start(Sink::exitWhenInputEnds);
    new Sink(receipts, selector, mac).serve();
  }

  private static void exitWhenInputEnds() {
    try {
      while (System.in.read() >= 0) {
        // a sink takes no commands
      }
    } catch (IOException _) {
      // the parent process has ended
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
    RequestReader reader = (RequestReader) key.attachment();
    int read = channel.read(reader.readBuffer());
    if (read < 0) {
      close(key);
      return;
    }
    while (reader.hasRequest()) {
      if (!reader.mustHang()) {
        receipts.add(reader.receipt(System.nanoTime()), reader.isSigned(mac));
        channel.write(response.flip()); // 38 bytes always fit into an idle socket's buffer
      }
      reader.discardRequest();
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
