package dev.runhook.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The connection of one client, which sends a request and then reads its response. It is opened
/// again before the server closes it for being idle: a request that is sent in that moment gets no
/// response.
final class HttpConnection {
  private static final int MAX_RESPONSE_BYTES = 512 * 1024;
  private static final String CONTENT_LENGTH = "content-length: ";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
  private static final String CREATED = "\"status\":201";
  private static final Pattern ITEM_STATUS = Pattern.compile("\\{\"status\":(\\d+)");

  private final Selector selector;
  private final InetSocketAddress server;
  private final Duration maxIdle;
  private final ByteBuffer incoming = ByteBuffer.allocate(MAX_RESPONSE_BYTES);
  private ByteBuffer outgoing = ByteBuffer.allocate(0);
  private SocketChannel channel;
  private SelectionKey key;
  private int first;
  private int reportCount;
  private boolean awaitingResponse;

  /// When the latest request was sent, or else when the connection became idle.
  private long changedAt;

  /// How long the connection had been idle before the latest request.
  private Duration idleTime = Duration.ZERO;

  /// The latest complete response.
  private String response = "";

  /// Opens a connection.
  ///
  /// @param maxIdle shorter than the time after which the server closes idle connections
  HttpConnection(Selector selector, InetSocketAddress server, Duration maxIdle) throws IOException {
    this.selector = selector;
    this.server = server;
    this.maxIdle = maxIdle;
    this.channel = open();
    this.key = register();
  }

  private SocketChannel open() throws IOException {
    SocketChannel opened = SocketChannel.open(server);
    opened.socket().setTcpNoDelay(true);
    opened.configureBlocking(false);
    changedAt = System.nanoTime();
    return opened;
  }

  private SelectionKey register() throws IOException {
    return channel.register(selector, SelectionKey.OP_READ, this);
  }

  /// @param number the number of the first report in the request
  /// @param count the number of reports in the request
  void send(String request, int number, int count) throws IOException {
    first = number;
    reportCount = count;
    if (!channel.isOpen() || sinceChange().compareTo(maxIdle) >= 0) {
      channel.close();
      channel = open();
      key = register();
    }
    idleTime = sinceChange();
    changedAt = System.nanoTime();
    awaitingResponse = true;
    incoming.clear();
    outgoing = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    channel.write(outgoing);
    if (outgoing.hasRemaining()) {
      key.interestOps(SelectionKey.OP_WRITE);
    }
  }

  /// Writes the rest of a request that did not fit into the socket buffer.
  void resumeWrite() {
    try {
      channel.write(outgoing);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to the server", e);
    }
    if (!outgoing.hasRemaining()) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /// Reads the available bytes and returns whether the response is complete.
  boolean receive() {
    try {
      if (channel.read(incoming) < 0) {
        if (awaitingResponse) {
          throw new IllegalStateException(
              "the server closed the connection after %d ms and %d bytes of a response; it had been idle for %d ms"
                  .formatted(sinceChange().toMillis(), incoming.position(), idleTime.toMillis()));
        }
        channel.close();
        return false;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a response from the server", e);
    }
    String text = new String(incoming.array(), 0, incoming.position(), StandardCharsets.ISO_8859_1);
    int body = text.indexOf("\r\n\r\n") + 4;
    if (body < 4 || !isComplete(text, body)) {
      return false;
    }
    response = text;
    awaitingResponse = false;
    changedAt = System.nanoTime();
    return true;
  }

  /// The status of the latest response.
  int status() {
    return Integer.parseInt(response.substring(9, 12));
  }

  /// Returns whether the latest response says when to try again.
  boolean hasRetryAfter() {
    String head = response.substring(0, response.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    return head.contains("\r\nretry-after: ");
  }

  /// Returns the status of each report of the latest request, which was answered with 200 or 201.
  int[] statuses() {
    if (status() == 201 || createdCount(response) == reportCount) {
      return reportNumbers().map(ignored -> 201).toArray();
    }
    Matcher item = ITEM_STATUS.matcher(response);
    return reportNumbers()
        .map(ignored -> item.find() ? Integer.parseInt(item.group(1)) : 0)
        .toArray();
  }

  private Duration sinceChange() {
    return Duration.ofNanos(System.nanoTime() - changedAt);
  }

  /// Closes the connection after a failure. The next request opens it again.
  void disconnect() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitingResponse = false;
  }

  int first() {
    return first;
  }

  IntStream reportNumbers() {
    return IntStream.range(first, first + reportCount);
  }

  int reportCount() {
    return reportCount;
  }

  private static boolean isComplete(String text, int body) {
    String head = text.substring(0, body).toLowerCase(Locale.ROOT);
    if (head.contains("transfer-encoding: chunked")) {
      return text.endsWith(LAST_CHUNK);
    }
    int from = head.indexOf(CONTENT_LENGTH) + CONTENT_LENGTH.length();
    if (from < CONTENT_LENGTH.length()) {
      throw new IllegalStateException("a response without Content-Length: " + head);
    }
    int length = Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    return text.length() >= body + length;
  }

  /// Throws unless all reports of the latest request were recorded.
  void requireRecorded() {
    if (!IntStream.of(statuses()).allMatch(status -> status == 201)) {
      throw new IllegalStateException(
          "not recorded: " + response.substring(0, Math.min(response.length(), 2000)));
    }
  }

  private static int createdCount(String text) {
    int count = 0;
    for (int at = text.indexOf(CREATED); at >= 0; at = text.indexOf(CREATED, at + 1)) {
      count++;
    }
    return count;
  }
}
