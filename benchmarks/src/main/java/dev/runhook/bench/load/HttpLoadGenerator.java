package dev.runhook.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/// Clients of the HTTP API, as cheap as Java can make them: one thread, connections that are kept,
/// requests that are written as bytes, and of the answers no more is read than has to be. Each
/// client waits for its answer before it asks again.
public final class HttpLoadGenerator implements AutoCloseable {
  private final Selector selector;
  private final Dataset dataset;
  private final BackpressureWindow backpressureWindow;
  private final Timestamps answered;
  private final Target target;
  private final Deque<HttpConnection> idle = new ArrayDeque<>();

  private HttpLoadGenerator(
      Selector selector,
      Dataset world,
      BackpressureWindow window,
      Timestamps answered,
      Target target) {
    this.selector = selector;
    this.dataset = world;
    this.backpressureWindow = window;
    this.answered = answered;
    this.target = target;
  }

  /// Whom to ask, and as whom.
  public record Target(int port, String token, int clients) {}

  public static HttpLoadGenerator open(
      Target target, Dataset world, BackpressureWindow window, Timestamps answered) {
    try {
      return new HttpLoadGenerator(Selector.open(), world, window, answered, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reports 0 to count - 1, as fast as answers come and the window lets; returns when all are
  /// answered. What is not recorded ends the measurement.
  public void run(int count, int perRequest) {
    try {
      connect(); // anew, for the server ends connections that have been idle
      int sent = 0;
      int done = 0;
      while (done < count) {
        sent = send(sent, count, perRequest);
        done += receive(sent < count && !idle.isEmpty() ? 1 : 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not answer", e);
    }
  }

  /// To be called before [#runOne] where nothing was reported for a while: the server ends
  /// connections that have been idle.
  public void reconnect() {
    try {
      connect();
    } catch (IOException e) {
      throw new UncheckedIOException("the server cannot be reached", e);
    }
  }

  /// Reports one, and returns when it is answered.
  public void runOne(int number) {
    try {
      if (idle.isEmpty()) {
        connect();
      }
      HttpConnection httpConnection = idle.remove();
      httpConnection.send(single(number), number, 1);
      for (int done = 0; done < 1; ) {
        done += receive(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not answer", e);
    }
  }

  private int send(int alreadySent, int count, int perRequest) throws IOException {
    int sent = alreadySent;
    if (selector.keys().isEmpty()) {
      connect();
    }
    while (sent < count && !idle.isEmpty()) {
      int many = Math.min(perRequest, count - sent);
      if (backpressureWindow.remaining(sent) < many) {
        break;
      }
      idle.remove().send(perRequest == 1 ? single(sent) : several(sent, many), sent, many);
      sent += many;
    }
    return sent;
  }

  /// @param patience in milliseconds; 0 to wait until something comes
  private int receive(int patience) throws IOException {
    int[] done = {0};
    selector.select(
        key -> {
          HttpConnection httpConnection = (HttpConnection) key.attachment();
          if (key.isReadable() && httpConnection.receive()) {
            long now = System.nanoTime();
            httpConnection.reportNumbers().forEach(number -> answered.set(number, now));
            done[0] += httpConnection.reportCount();
            idle.add(httpConnection);
          } else if (httpConnection.isClosed()) {
            idle.remove(httpConnection);
          } else if (key.isWritable()) {
            httpConnection.resumeWrite();
          }
        },
        patience);
    return done[0];
  }

  private String single(int number) {
    return post(dataset.requestPath(number), dataset.requestBody(number));
  }

  private String several(int from, int many) {
    StringBuilder items = new StringBuilder("[");
    for (int i = 0; i < many; i++) {
      items.append(i == 0 ? "" : ",").append(dataset.arrayItem(from + i));
    }
    return post("/api/v1/transitions", items.append(']').toString());
  }

  private String post(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + target.token()
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private void connect() throws IOException {
    disconnect();
    for (int i = 0; i < target.clients(); i++) {
      SocketChannel channel =
          SocketChannel.open(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()));
      channel.socket().setTcpNoDelay(true);
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      HttpConnection httpConnection = new HttpConnection(channel, key);
      key.attach(httpConnection);
      idle.add(httpConnection);
    }
  }

  private void disconnect() throws IOException {
    idle.clear();
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.selectNow(); // forgets them
  }

  @Override
  public void close() {
    try {
      disconnect();
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
