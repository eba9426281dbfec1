package dev.runhook.outbound;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Faulted;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// Says what an exception of the HTTP client means, in words that a receiver's developer can act
/// on. The client tells much by message alone, so this reads messages; what it does not know is a
/// malformed response with the message in it.
final class Failures {
  private static final String NO_BYTES = "header parser received no bytes";
  private static final int LONGEST = 200;

  private final Duration connectTimeout;
  private final Optional<EgressProxy> proxy;

  /// @param proxy that requests leave by, if they do
  Failures(Duration connectTimeout, Optional<EgressProxy> proxy) {
    this.connectTimeout = connectTimeout;
    this.proxy = proxy;
  }

  Outcome outcome(Throwable failure, URI uri) {
    String host = host(uri);
    return proxy
        .flatMap(used -> ProxyFailures.outcome(failure, used, host))
        .orElseGet(() -> direct(failure, uri, host));
  }

  private Outcome direct(Throwable failure, URI uri, String host) {
    if (failure instanceof HttpTimeoutException) {
      return timedOut(failure, host);
    }
    if (has(failure, UnresolvedAddressException.class)
        || has(failure, UnknownHostException.class)) {
      return new Unanswered(
          Cause.DNS_FAILURE,
          "DNS knows no address of " + uri.getHost() + "; check the endpoint's host");
    }
    if (isOurs(failure)) {
      return new Faulted("the sender could not send: " + message(failure));
    }
    if (has(failure, ConnectException.class)) {
      return notConnected(failure, host);
    }
    if (has(failure, SSLException.class) && !says(failure, "reset")) {
      return new Unanswered(Cause.TLS_FAILURE, TlsFailures.sentence(failure, host));
    }
    return isClosed(failure) ? closed(failure, host) : malformed(failure);
  }

  /// Whether the connection was closed or reset before the first byte of an answer.
  static boolean isClosedWithoutAnswer(Throwable failure) {
    return !has(failure, ConnectException.class)
        && !has(failure, SSLException.class)
        && (says(failure, NO_BYTES)
            || says(failure, "Broken pipe")
            || (isReset(failure) && !says(failure, "parsing")));
  }

  /// Whether the client complains of a 204 that announces a body. Some frameworks send that, and it
  /// is a 204 all the same.
  static boolean is204WithLength(Throwable failure) {
    return says(failure, "unexpected content length header with 204 response");
  }

  private Outcome timedOut(Throwable failure, String host) {
    return failure instanceof HttpConnectTimeoutException
        ? new Unanswered(
            Cause.TIMEOUT,
            "no connection to "
                + host
                + " within "
                + seconds(connectTimeout)
                + "; check firewalls, and that something accepts connections there")
        : new Unanswered(
            Cause.TIMEOUT,
            "the receiver took the connection but sent no full status line and headers in time; answer first, then do the work");
  }

  private static Outcome notConnected(Throwable failure, String host) {
    if (says(failure, "refused") || chain(failure).allMatch(link -> link.getMessage() == null)) {
      return new Unanswered(
          Cause.CONNECTION_REFUSED,
          host + " refused the connection; check that the receiver runs and listens on that port");
    }
    if (says(failure, "timed out")) {
      return new Unanswered(
          Cause.TIMEOUT, "no connection to " + host + ": the network gave up; check firewalls");
    }
    return says(failure, "reset")
        ? new Unanswered(
            Cause.CONNECTION_RESET, host + " reset the connection while it was being made")
        : new Unanswered(Cause.CONNECTION_REFUSED, "no way to " + host + ": " + message(failure));
  }

  private static Outcome closed(Throwable failure, String host) {
    return new Unanswered(
        Cause.CONNECTION_RESET,
        host
            + (says(failure, "parsing")
                ? " closed the connection in the middle of its headers"
                : " closed the connection without an answer")
            + "; look for a crash or a limit in the receiver or its proxy");
  }

  private static Outcome malformed(Throwable failure) {
    return new Unanswered(
        Cause.MALFORMED_RESPONSE, "the answer is no proper HTTP/1.1: " + message(failure));
  }

  private static boolean isOurs(Throwable failure) {
    boolean clientEnded = "closed".equals(failure.getMessage());
    return clientEnded
        || has(failure, BindException.class)
        || says(failure, "Cannot assign requested address")
        || says(failure, "Too many open files");
  }

  private static boolean isClosed(Throwable failure) {
    return has(failure, EOFException.class)
        || isReset(failure)
        || says(failure, NO_BYTES)
        || says(failure, "Broken pipe");
  }

  private static boolean isReset(Throwable failure) {
    return says(failure, "Connection reset") || has(failure, SocketException.class);
  }

  static boolean has(Throwable failure, Class<? extends Throwable> type) {
    return chain(failure).anyMatch(type::isInstance);
  }

  static boolean says(Throwable failure, String words) {
    return chain(failure)
        .anyMatch(link -> link.getMessage() != null && link.getMessage().contains(words));
  }

  static Stream<Throwable> chain(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(20);
  }

  /// The message in one bounded line: parts of it may be the receiver's.
  static String message(Throwable failure) {
    String text =
        Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
    String line = text.replaceAll("\\p{Cntrl}", "\ufffd");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  private static String host(URI uri) {
    return uri.getRawAuthority();
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
