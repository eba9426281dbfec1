package dev.runhook.outbound.http;

import dev.runhook.outbound.http.HostileReceiver.Behavior;

/// Behaviors of misbehaving receivers, and of two well-behaved ones.
public final class HostileBehaviors {
  public static final Behavior RESPONDS_204 = respondsWith("HTTP/1.1 204 No Content\r\n\r\n");
  static final Behavior HANGS_BEFORE_HEADERS = HostileConnection::readRequest;
  public static final Behavior SENDS_GARBAGE =
      once(connection -> connection.write("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
  static final Behavior CLOSES_WITHOUT_RESPONSE = once(HostileConnection::close);
  static final Behavior RESETS = once(HostileConnection::reset);
  static final Behavior CLOSES_IN_HEADERS =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nX-Half: ");
        connection.close();
      });
  static final Behavior DRIPS_HEADERS =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nX-Long: ");
        connection.writeSlowly("a");
      });
  static final Behavior FLOODS_HEADERS =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\n");
        connection.flood("X-Long: " + "a".repeat(1000) + "\r\n");
      });
  static final Behavior FLOODS_INTERIM_RESPONSES =
      once(connection -> connection.flood("HTTP/1.1 103 Early Hints\r\n\r\n"));
  static final Behavior SWITCHES_PROTOCOL =
      once(connection ->
          connection.write(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"));
  public static final Behavior DRIPS_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        connection.writeSlowly("b");
      });
  public static final Behavior GOES_SILENT_IN_BODY =
      once(
          connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nstart"));
  static final Behavior GOES_SILENT_BEFORE_BODY =
      once(connection -> connection.write("HTTP/1.1 500 Oops\r\nContent-Length: 100000\r\n\r\n"));
  public static final Behavior NEVER_ENDS_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        connection.flood("400\r\n" + "c".repeat(1024) + "\r\n");
      });
  static final Behavior RESETS_IN_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nstart");
        connection.reset();
      });
  static final Behavior CLOSES_IN_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nstart");
        connection.close();
      });
  static final Behavior BREAKS_CHUNKS =
      once(connection ->
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nstart\r\n"));
  static final Behavior LENGTH_IS_A_WORD =
      once(connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nstart"));
  static final Behavior LENGTH_OVERFLOWS =
      once(connection ->
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nstart"));
  static final Behavior SENDS_204_WITH_BODY =
      once(connection ->
          connection.write("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nstart"));
  static final Behavior LENGTH_IS_NEGATIVE =
      once(connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\nstart"));
  static final Behavior REDIRECTS_TO_ITSELF =
      respondsWith("HTTP/1.1 302 Found\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n");

  /// The HTTP/2 frames SETTINGS and GOAWAY (RFC 9113, sections 6.5 and 6.8).
  private static final String GOAWAY_FRAMES =
      "\0\0\0\4\0\0\0\0\0" + "\0\0\10\7\0\0\0\0\0" + "\0\0\0\0\0\0\0\0";

  public static final Behavior SENDS_GOAWAY = once(connection -> connection.write(GOAWAY_FRAMES));
  public static final Behavior SENDS_GOAWAY_AND_CLOSES =
      once(connection -> {
        connection.write(GOAWAY_FRAMES);
        connection.close();
      });
  static final Behavior TWO_LENGTHS =
      once(connection ->
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nstarted"));

  private HostileBehaviors() {}

  /// Sends the same response to every request and keeps the connection open.
  public static Behavior respondsWith(String response) {
    return connection -> {
      while (connection.readRequest()) {
        connection.write(response);
      }
    };
  }

  static Behavior responds200(String body) {
    return respondsWith("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  /// Responds to the first request of the first connection. The given behaviors handle all later
  /// requests on that connection and on other connections.
  static Behavior respondsOnce(Behavior thenOnFirst, Behavior onOthers) {
    return connection -> {
      if (connection.number() > 1) {
        onOthers.serve(connection);
      } else if (connection.readRequest()) {
        connection.write("HTTP/1.1 204 No Content\r\n\r\n");
        thenOnFirst.serve(connection);
      }
    };
  }

  private static Behavior once(Behavior afterRequest) {
    return connection -> {
      if (connection.readRequest()) {
        afterRequest.serve(connection);
      }
    };
  }
}
