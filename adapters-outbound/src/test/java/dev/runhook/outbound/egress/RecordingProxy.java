package dev.runhook.outbound.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP proxy on loopback that notes what it is asked, and passes everything on to one port of
/// loopback, whatever the target.
final class RecordingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final String answer;
  private final List<String> requestHeads = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private RecordingProxy(int target, String answer) throws IOException {
    this.server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    this.target = target;
    this.answer = answer;
    Thread.ofVirtual().start(this::accept);
  }

  static RecordingProxy to(int port) throws IOException {
    return new RecordingProxy(port, "");
  }

  /// One that never opens a tunnel.
  static RecordingProxy respondingWith(String status) throws IOException {
    return new RecordingProxy(
        0, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  int port() {
    return server.getLocalPort();
  }

  /// The first line and headers of all that it was asked.
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
    } catch (IOException _) {
      // closed: the test is over
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      requestHeads.add(head);
      if (!answer.isEmpty()) {
        client.getOutputStream().write(answer.getBytes(ISO_8859_1));
        return;
      }
      try (Socket receiver = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
        sockets.add(receiver);
        if (head.startsWith("CONNECT ")) {
          client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        } else {
          receiver.getOutputStream().write(head.getBytes(ISO_8859_1));
        }
        Thread back = Thread.ofVirtual().start(() -> pass(receiver, client));
        pass(client, receiver);
        back.join();
      }
    } catch (IOException | InterruptedException _) {
      // one side is gone, or the test is over
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

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // one side is gone
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
