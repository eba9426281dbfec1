package dev.runhook.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.IntStream;

/// One client's connection: a request, then its answer.
final class HttpConnection {
  private static final int LARGEST = 512 * 1024;
  private static final String LENGTH = "content-length: ";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
  private static final String CREATED = "\"status\":201";

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer incoming = ByteBuffer.allocate(LARGEST);
  private ByteBuffer outgoing = ByteBuffer.allocate(0);
  private int first;
  private int reportCount;
  private boolean asked;

  HttpConnection(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  /// @param number of the first report in it
  void send(String request, int number, int howMany) throws IOException {
    first = number;
    reportCount = howMany;
    asked = true;
    incoming.clear();
    outgoing = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    channel.write(outgoing);
    if (outgoing.hasRemaining()) {
      key.interestOps(SelectionKey.OP_WRITE);
    }
  }

  /// Writes what did not fit before.
  void resumeWrite() {
    try {
      channel.write(outgoing);
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not listen", e);
    }
    if (!outgoing.hasRemaining()) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /// Whether the server has ended a connection on which nothing was asked, as it does after a
  /// while.
  boolean isClosed() {
    return !channel.isOpen();
  }

  /// Reads what is there; whether the answer is whole.
  boolean receive() {
    try {
      if (channel.read(incoming) < 0) {
        if (asked) {
          throw new IllegalStateException("the server closed a connection instead of an answer");
        }
        channel.close();
        return false;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not answer", e);
    }
    String text = new String(incoming.array(), 0, incoming.position(), StandardCharsets.ISO_8859_1);
    int body = text.indexOf("\r\n\r\n") + 4;
    if (body < 4 || !isWhole(text, body)) {
      return false;
    }
    requireRecorded(text);
    asked = false;
    return true;
  }

  IntStream reportNumbers() {
    return IntStream.range(first, first + reportCount);
  }

  int reportCount() {
    return reportCount;
  }

  private static boolean isWhole(String text, int body) {
    String head = text.substring(0, body).toLowerCase(Locale.ROOT);
    if (head.contains("transfer-encoding: chunked")) {
      return text.endsWith(LAST_CHUNK);
    }
    int from = head.indexOf(LENGTH) + LENGTH.length();
    if (from < LENGTH.length()) {
      throw new IllegalStateException("an answer without a length: " + head);
    }
    int length = Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    return text.length() >= body + length;
  }

  private void requireRecorded(String text) {
    boolean good =
        text.startsWith("HTTP/1.1 201")
            || (text.startsWith("HTTP/1.1 200") && count(text) == reportCount);
    if (!good) {
      throw new IllegalStateException(
          "not recorded: " + text.substring(0, Math.min(text.length(), 2000)));
    }
  }

  private static int count(String text) {
    int found = 0;
    for (int at = text.indexOf(CREATED); at >= 0; at = text.indexOf(CREATED, at + 1)) {
      found++;
    }
    return found;
  }
}
