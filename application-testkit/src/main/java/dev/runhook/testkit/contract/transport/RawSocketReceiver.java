package dev.runhook.testkit.contract.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A receiver on loopback that uses plain sockets, so that it can misbehave in ways in which an
/// HTTP server cannot. It serves one request per connection.
final class RawSocketReceiver implements TestReceiver {
  /// Limits how long a misbehaving receiver holds a sender that does not time out.
  private static final int MAX_HOLD_MILLIS = 4_000;

  private static final int DRIP_INTERVAL_MILLIS = 50;

  /// Responds to a request that was read completely.
  interface Behavior {
    void respond(OutputStream out, CountDownLatch closed) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
  private final List<Payload> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private final Thread acceptor;

  private RawSocketReceiver(Behavior behavior) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = Thread.ofVirtual().start(() -> accept(behavior));
  }

  /// @param head the status line and headers, without line endings
  static RawSocketReceiver respondingWith(String... head) {
    String text = String.join("\r\n", head) + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    return new RawSocketReceiver((out, ignored) -> out.write(text.getBytes(ISO_8859_1)));
  }

  static RawSocketReceiver silent() {
    return new RawSocketReceiver((out, closed) -> {
      var ignored = closed.await(MAX_HOLD_MILLIS, TimeUnit.MILLISECONDS);
    });
  }

  /// Sends one header at a time and never finishes.
  static RawSocketReceiver sendingEndlessHeaders() {
    return new RawSocketReceiver((out, closed) -> {
      out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
      for (int i = 0; i < MAX_HOLD_MILLIS / DRIP_INTERVAL_MILLIS; i++) {
        out.write(("x-slow-" + i + ": 1\r\n").getBytes(ISO_8859_1));
        out.flush();
        if (closed.await(DRIP_INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    });
  }

  /// Refuses connections.
  static RawSocketReceiver down() {
    RawSocketReceiver receiver = silent();
    receiver.close();
    return receiver;
  }

  @Override
  public Endpoint endpoint() {
    return Endpoint.ofStored(url());
  }

  @Override
  public List<Payload> received() {
    return List.copyOf(received);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/hooks";
  }

  /// Returns the next request, both head and body, or null if none arrives in time.
  byte @Nullable [] pollRequest(int millis) throws InterruptedException {
    return requests.poll(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
      acceptor.join(); // until the thread ends, the port may stay open
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(Behavior behavior) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket, behavior));
      } catch (IOException ignored) {
        return; // the receiver was closed
      }
    }
  }

  private void serve(Socket socket, Behavior behavior) {
    try (socket) {
      readRequest(socket.getInputStream());
      behavior.respond(socket.getOutputStream(), closed);
    } catch (IOException ignored) {
      // the sender closed the connection
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
  }

  private void readRequest(InputStream in) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    while (!request.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the request ended before the end of its headers");
      }
      request.write(next);
    }
    byte[] body = in.readNBytes(lengthIn(request.toString(ISO_8859_1)));
    request.write(body);
    received.add(Payload.of(body));
    requests.add(request.toByteArray());
  }

  private static int lengthIn(String head) {
    return head.toLowerCase(Locale.ROOT)
        .lines()
        .filter(line -> line.startsWith("content-length:"))
        .map(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(0);
  }
}
