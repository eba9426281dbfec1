package dev.runhook.outbound;

import dev.runhook.outbound.HostileReceiver.Behaviour;

/// The ways in which receivers misbehave, and two in which they do not.
final class Behaviours {
  static final Behaviour ANSWERS_204 = answers("HTTP/1.1 204 No Content\r\n\r\n");
  static final Behaviour HANGS_BEFORE_HEADERS = HostileConnection::readRequest;
  static final Behaviour SAYS_GARBAGE =
      once(connection -> connection.write("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
  static final Behaviour CLOSES_WITHOUT_ANSWER = once(HostileConnection::close);
  static final Behaviour RESETS = once(HostileConnection::reset);
  static final Behaviour CLOSES_IN_HEADERS =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nX-Half: ");
        connection.close();
      });
  static final Behaviour DRIPS_HEADERS =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nX-Long: ");
        connection.drip("a");
      });
  static final Behaviour FLOODS_HEADERS =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\n");
        connection.flood("X-Long: " + "a".repeat(1000) + "\r\n");
      });
  static final Behaviour FLOODS_INTERIM_ANSWERS =
      once(connection -> connection.flood("HTTP/1.1 103 Early Hints\r\n\r\n"));
  static final Behaviour SWITCHES_PROTOCOL =
      once(connection ->
          connection.write(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"));
  static final Behaviour DRIPS_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        connection.drip("b");
      });
  static final Behaviour GOES_SILENT_IN_BODY =
      once(
          connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nstart"));
  static final Behaviour GOES_SILENT_BEFORE_BODY =
      once(connection -> connection.write("HTTP/1.1 500 Oops\r\nContent-Length: 100000\r\n\r\n"));
  static final Behaviour NEVER_ENDS_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        connection.flood("400\r\n" + "c".repeat(1024) + "\r\n");
      });
  static final Behaviour RESETS_IN_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nstart");
        connection.reset();
      });
  static final Behaviour CLOSES_IN_BODY =
      once(connection -> {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nstart");
        connection.close();
      });
  static final Behaviour BREAKS_CHUNKS =
      once(connection ->
          connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nstart\r\n"));
  static final Behaviour LENGTH_IS_A_WORD =
      once(connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nstart"));
  static final Behaviour LENGTH_IS_BEYOND_NUMBERS =
      once(connection ->
          connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nstart"));
  static final Behaviour ANNOUNCES_A_BODY_WITH_204 =
      once(connection ->
          connection.write("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nstart"));
  static final Behaviour LENGTH_IS_NEGATIVE =
      once(connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\nstart"));
  static final Behaviour REDIRECTS_IN_CIRCLES =
      answers("HTTP/1.1 302 Found\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n");

  /// The frames SETTINGS and GOAWAY of HTTP/2 (RFC 9113, 6.5 and 6.8).
  private static final String GOAWAY_FRAMES =
      "\0\0\0\4\0\0\0\0\0" + "\0\0\10\7\0\0\0\0\0" + "\0\0\0\0\0\0\0\0";

  static final Behaviour SENDS_GOAWAY = once(connection -> connection.write(GOAWAY_FRAMES));
  static final Behaviour SENDS_GOAWAY_AND_CLOSES =
      once(connection -> {
        connection.write(GOAWAY_FRAMES);
        connection.close();
      });
  static final Behaviour TWO_LENGTHS =
      once(connection ->
          connection.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nstarted"));

  private Behaviours() {}

  /// Answers every request alike and keeps the connection.
  static Behaviour answers(String response) {
    return connection -> {
      while (connection.readRequest()) {
        connection.write(response);
      }
    };
  }

  static Behaviour answers200(String body) {
    return answers("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  /// Answers the first request of its first connection; what becomes of any other is said by the
  /// behaviours.
  static Behaviour answersOnce(Behaviour thenOnFirst, Behaviour onOthers) {
    return connection -> {
      if (connection.number() > 1) {
        onOthers.serve(connection);
      } else if (connection.readRequest()) {
        connection.write("HTTP/1.1 204 No Content\r\n\r\n");
        thenOnFirst.serve(connection);
      }
    };
  }

  private static Behaviour once(Behaviour afterRequest) {
    return connection -> {
      if (connection.readRequest()) {
        afterRequest.serve(connection);
      }
    };
  }
}
