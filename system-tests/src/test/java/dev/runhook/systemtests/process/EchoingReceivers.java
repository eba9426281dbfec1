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

/// Receivers that echo each request in some part of the response. None of them responds with
/// success.
final class EchoingReceivers implements AutoCloseable {
  private static final int CLOSED_PORT = 1;
  private static final int MAX_BYTES = 16 * 1024;
  private static final String END = "\r\n\r\n";

  /// The response of each receiver to a request.
  private static final List<UnaryOperator<String>> RESPONSES =
      List.of(
          request -> "HTTP/1.1 500 " + line(request) + "\r\nContent-Length: 0" + END,
          request -> "HTTP/1.1 503 No\r\nX-Echo: " + line(request) + "\r\nContent-Length: 0" + END,
          request -> "HTTP/1.1 500 No\r\nConnection: close" + END + request,
          request -> "HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/?" + line(request) + END,
          request -> "HTTP/1.1 " + line(request) + END,
          request -> request,
          request -> "HTTP/1.1 200 OK\r\nContent-Length: " + line(request) + END,
          request -> "HTTP/1.1 200 OK\r\n" + line(request) + ": x y\r\n: " + line(request) + END,
          _ -> "");

  private final List<ServerSocket> sockets = new ArrayList<>();

  EchoingReceivers() throws IOException {
    for (UnaryOperator<String> response : RESPONSES) {
      ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      Thread.ofVirtual().start(() -> serve(socket, response));
    }
  }

  /// The URLs of these receivers, of a port without a receiver, and of one that does not speak TLS.
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

  private static void serve(ServerSocket server, UnaryOperator<String> response) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> respond(socket, response));
      } catch (IOException _) {
        return; // the receivers were closed
      }
    }
  }

  private static void respond(Socket socket, UnaryOperator<String> response) {
    try (socket) {
      socket.setSoTimeout(300);
      String request = read(socket.getInputStream());
      socket.getOutputStream().write(response.apply(request).getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // the sender has closed the connection
    }
  }

  /// Reads until no data arrives for a while.
  private static String read(InputStream in) throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[MAX_BYTES];
    try {
      for (int n = in.read(buffer); n > 0 && all.length() < MAX_BYTES; n = in.read(buffer)) {
        all.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
      }
    } catch (SocketTimeoutException _) {
      return all.toString();
    }
    return all.toString();
  }

  /// The request without line breaks.
  private static String line(String request) {
    return request.replaceAll("[\\r\\n]+", " ");
  }
}
