package dev.runhook.systemtests.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/// How a [HostileReceiver] treats a connection.
enum HostileBehavior {
  SENDS_NOTHING,
  SENDS_GARBAGE("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
  RESETS_CONNECTION,
  TRUNCATES_HEADERS("HTTP/1.1 200 OK\r\nX-Truncated: "),
  DRIPS_HEADERS("HTTP/1.1 200 OK\r\nX-Long: ", "a"),
  FLOODS_HEADERS("HTTP/1.1 200 OK\r\n", "X-Long: " + "a".repeat(1000) + "\r\n"),
  FLOODS_INTERIM_RESPONSES("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
  DRIPS_BODY("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "b"),
  FLOODS_BODY(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      "400\r\n" + "c".repeat(1024) + "\r\n"),
  INVALID_CONTENT_LENGTH("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nstart"),
  INVALID_CHUNKS("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nstart\r\n"),
  SWITCHES_PROTOCOL(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");

  private static final long DRIP_INTERVAL_NANOS = 20_000_000;

  private final String first;
  private final String repeated;

  HostileBehavior() {
    this("");
  }

  HostileBehavior(String first) {
    this(first, "");
  }

  /// @param repeated the text to repeat after the first until the sender closes the connection
  HostileBehavior(String first, String repeated) {
    this.first = first;
    this.repeated = repeated;
  }

  void serve(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    if (in.read() < 0) {
      return;
    }
    send(socket, first);
    switch (this) {
      case RESETS_CONNECTION -> socket.setSoLinger(true, 0);
      case TRUNCATES_HEADERS -> in.skip(in.available());
      case DRIPS_HEADERS, DRIPS_BODY -> repeat(socket, DRIP_INTERVAL_NANOS);
      case FLOODS_HEADERS, FLOODS_INTERIM_RESPONSES, FLOODS_BODY -> repeat(socket, 0);
      case SENDS_NOTHING,
          SENDS_GARBAGE,
          INVALID_CONTENT_LENGTH,
          INVALID_CHUNKS,
          SWITCHES_PROTOCOL ->
          in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void repeat(Socket socket, long pause) throws IOException {
    while (!socket.isClosed()) {
      send(socket, repeated);
      LockSupport.parkNanos(pause);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
