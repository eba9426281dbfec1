package dev.runhook.outbound.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP proxy on loopback that records the requests and forwards all of them to one loopback
/// port, regardless of their targets.
final class RecordingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final String response;
  private final List<String> requestHeads = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private RecordingProxy(int target, String response) throws IOException {
    this.server = new ServerSocket(0, 50, LiteralAddress.of("127.0.0.1"));
    this.target = target;
    this.response = response;
    Thread.ofVirtual().start(this::accept);
  }

  static RecordingProxy to(int port) throws IOException {
    return new RecordingProxy(port, "");
  }

  /// Creates a proxy that refuses every request with a status.
  static RecordingProxy respondingWith(String status) throws IOException {
    return new RecordingProxy(
        0, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  int port() {
    return server.getLocalPort();
  }

  /// Returns the request line and headers of each request.
  List<String> requestHeads() {
    return requestHeads;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException ignored) {
      // the socket was closed at the end of the test
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      requestHeads.add(head);
      if (!response.isEmpty()) {
        client.getOutputStream().write(response.getBytes(ISO_8859_1));
        return;
      }
      try (Socket receiver = new Socket(LiteralAddress.of("127.0.0.1"), target)) {
        sockets.add(receiver);
        if (head.startsWith("CONNECT ")) {
          client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        } else {
          receiver.getOutputStream().write(head.getBytes(ISO_8859_1));
        }
        Thread responses = Thread.ofVirtual().start(() -> forward(receiver, client));
        forward(client, receiver);
        responses.join();
      }
    } catch (IOException | InterruptedException ignored) {
      // one side has closed the connection
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.append((char) next);
      if (head.indexOf("\r\n\r\n") >= 0) {
        break;
      }
    }
    return head.toString();
  }

  private static void forward(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException ignored) {
      // one side has closed the connection
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
