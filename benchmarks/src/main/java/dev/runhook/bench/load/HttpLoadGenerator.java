package dev.runhook.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Clients of the HTTP API that use as little CPU time as possible: one thread, keep-alive
/// connections, requests written as bytes, and minimal parsing of responses. Each client waits for
/// the response before it sends the next request. Not thread-safe.
public final class HttpLoadGenerator implements AutoCloseable {
  /// Runhook closes a connection that sends no request for 30 seconds.
  private static final Duration MAX_IDLE = Duration.ofSeconds(15);

  private final Selector selector;
  private final Dataset dataset;
  private final BackpressureWindow window;
  private final Timestamps acknowledgements;
  private final Target target;
  private final Deque<HttpConnection> idle = new ArrayDeque<>();

  private HttpLoadGenerator(
      Selector selector,
      Dataset dataset,
      BackpressureWindow window,
      Timestamps acknowledgements,
      Target target) {
    this.selector = selector;
    this.dataset = dataset;
    this.window = window;
    this.acknowledgements = acknowledgements;
    this.target = target;
  }

  /// The servers to call.
  ///
  /// @param clients the number of connections to all of them together
  public record Target(List<Integer> ports, String token, int clients) {}

  /// Connects to the servers.
  public static HttpLoadGenerator open(
      Target target, Dataset dataset, BackpressureWindow window, Timestamps acknowledgements) {
    return open(target, dataset, window, acknowledgements, MAX_IDLE);
  }

  /// @param maxIdle how long a connection may be idle before it is replaced
  static HttpLoadGenerator open(
      Target target,
      Dataset dataset,
      BackpressureWindow window,
      Timestamps acknowledgements,
      Duration maxIdle) {
    try {
      HttpLoadGenerator opened =
          new HttpLoadGenerator(Selector.open(), dataset, window, acknowledgements, target);
      opened.connect(maxIdle);
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect to the server", e);
    }
  }

  private void connect(Duration maxIdle) throws IOException {
    for (int i = 0; i < target.clients(); i++) {
      int port = target.ports().get(i % target.ports().size());
      idle.add(
          new HttpConnection(
              selector, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), maxIdle));
    }
  }

  /// Sends the reports 0 to count - 1 as fast as the responses and the window allow, and returns
  /// after the last response. Throws if the server does not record a report.
  public void run(int count, int perRequest) {
    try {
      int sent = 0;
      int done = 0;
      while (done < count) {
        sent = send(sent, count, perRequest);
        done += receive(sent < count && !idle.isEmpty() ? 1 : 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the connection to the server failed", e);
    }
  }

  /// Sends one report and returns after its response.
  public void runOne(int number) {
    try {
      idle.remove().send(dataset.request(number, 1, target.token()), number, 1);
      for (int done = 0; done < 1; ) {
        done += receive(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the connection to the server failed", e);
    }
  }

  private int send(int alreadySent, int count, int perRequest) throws IOException {
    int sent = alreadySent;
    while (sent < count && !idle.isEmpty()) {
      int batch = Math.min(perRequest, count - sent);
      if (window.remaining(sent) < batch) {
        break;
      }
      idle.remove().send(dataset.request(sent, batch, target.token()), sent, batch);
      sent += batch;
    }
    return sent;
  }

  /// Waits for responses and returns how many reports they acknowledge.
  ///
  /// @param timeoutMillis 0 waits without a limit
  private int receive(int timeoutMillis) throws IOException {
    int[] done = {0};
    selector.select(
        key -> {
          HttpConnection connection = (HttpConnection) key.attachment();
          if (key.isReadable() && connection.receive()) {
            long now = System.nanoTime();
            connection.requireRecorded();
            connection.reportNumbers().forEach(number -> acknowledgements.set(number, now));
            done[0] += connection.reportCount();
            idle.add(connection);
          } else if (key.isValid() && key.isWritable()) {
            connection.resumeWrite();
          }
        },
        timeoutMillis);
    return done[0];
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
}
