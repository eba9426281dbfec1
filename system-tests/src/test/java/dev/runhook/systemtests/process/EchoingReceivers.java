package dev.runhook.systemtests.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Receivers that give back what they get wherever an answer has room for it, none of them with a
/// success.
final class EchoingReceivers implements AutoCloseable {
  private static final int CLOSED_PORT = 1;
  private static final int MOST_BYTES = 16 * 1024;
  private static final String OVER = "\r\n\r\n";

  /// What each makes of a request, as a text.
  private static final List<UnaryOperator<String>> ANSWERS =
      List.of(
          request -> "HTTP/1.1 500 " + line(request) + "\r\nContent-Length: 0" + OVER,
          request -> "HTTP/1.1 503 No\r\nX-Echo: " + line(request) + "\r\nContent-Length: 0" + OVER,
          request -> "HTTP/1.1 500 No\r\nConnection: close" + OVER + request,
          request -> "HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/?" + line(request) + OVER,
          request -> "HTTP/1.1 " + line(request) + OVER,
          request -> request,
          request -> "HTTP/1.1 200 OK\r\nContent-Length: " + line(request) + OVER,
          request -> "HTTP/1.1 200 OK\r\n" + line(request) + ": x y\r\n: " + line(request) + OVER,
          _ -> "");

  private final List<ServerSocket> sockets = new ArrayList<>();

  EchoingReceivers() throws IOException {
    for (UnaryOperator<String> answer : ANSWERS) {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      Thread.ofVirtual().start(() -> serve(socket, answer));
    }
  }

  /// Their URLs, that of a receiver that is not there, and one whose TLS is none.
  List<String> urls(String query) {
    List<String> endpoints = new ArrayList<>();
    sockets.forEach(
        socket -> endpoints.add("http://127.0.0.1:" + socket.getLocalPort() + "/" + query));
    endpoints.add("http://127.0.0.1:" + CLOSED_PORT + "/" + query);
    endpoints.add("https://127.0.0.1:" + sockets.getFirst().getLocalPort() + "/" + query);
    endpoints.add("https://nowhere.example/" + query);
    return endpoints;
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket socket : sockets) {
      socket.close();
    }
  }

  private static void serve(ServerSocket server, UnaryOperator<String> answer) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket, answer));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private static void answer(Socket socket, UnaryOperator<String> answer) {
    try (socket) {
      socket.setSoTimeout(300);
      String request = read(socket.getInputStream());
      socket.getOutputStream().write(answer.apply(request).getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // whoever asked has gone
    }
  }

  /// What comes until nothing does for a while.
  private static String read(InputStream in) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[MOST_BYTES];
    try {
      for (int n = in.read(buffer); n > 0 && all.length() < MOST_BYTES; n = in.read(buffer)) {
        all.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
      }
    } catch (SocketTimeoutException _) {
      return all.toString();
    }
    return all.toString();
  }

  /// All of it that has the word in it, in one line.
  private static String line(String request) {
    return request.replaceAll("[\\r\\n]+", " ");
  }
}
