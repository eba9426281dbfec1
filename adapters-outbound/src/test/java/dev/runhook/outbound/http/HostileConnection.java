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

/// The receiver's side of one connection.
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

  /// Returns 1 for the first connection of the receiver.
  int number() {
    return number;
  }

  List<String> requests() {
    return requests;
  }

  /// Reads one complete request. Returns false if the sender closed the connection.
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

  /// Writes the text repeatedly until the connection is closed.
  void flood(String text) throws IOException {
    while (closed.getCount() > 0) {
      write(text);
    }
  }

  /// Writes the text every 20 ms until the connection is closed.
  void writeSlowly(String text) throws IOException {
    try {
      while (!closed.await(20, TimeUnit.MILLISECONDS)) {
        write(text);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /// Closes the connection with a TCP reset.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  /// Closes the output and keeps reading.
  void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  public void awaitEnd() throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // ignore further input
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
