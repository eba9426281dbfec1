package dev.runhook.outbound.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The receiver's end of one connection.
public final class HostileConnection implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

  private final int number;
  private final Socket socket;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  HostileConnection(int number, Socket socket) {
    this.number = number;
    this.socket = socket;
  }

  /// 1 for the receiver's first connection.
  int number() {
    return number;
  }

  List<String> requests() {
    return requests;
  }

  /// Reads one request whole; false if the sender closed instead of sending one.
  public boolean readRequest() throws IOException {
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        return false;
      }
      request.append((char) next);
    }
    Matcher length = LENGTH.matcher(request);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    request.append(new String(socket.getInputStream().readNBytes(body), ISO_8859_1));
    requests.add(request.toString());
    return true;
  }

  public void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /// Writes the text again and again, for as long as the sender takes it.
  void flood(String text) throws IOException {
    while (closed.getCount() > 0) {
      write(text);
    }
  }

  /// As [#flood], with 20 ms between.
  void drip(String text) throws IOException {
    try {
      while (!closed.await(20, TimeUnit.MILLISECONDS)) {
        write(text);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /// Closes so that the sender sees a reset.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  /// Says nothing more, and still sees what the sender does.
  void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  public void awaitEnd() throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // what still comes is of no interest
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
