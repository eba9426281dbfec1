package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalError;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.tls.TlsErrors;
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
public final class ExceptionMapper {
  private static final String NO_BYTES = "header parser received no bytes";
  private static final int LONGEST = 200;

  private final Duration connectTimeout;
  private final Optional<EgressProxy> proxy;

  /// @param proxy that requests leave by, if they do
  ExceptionMapper(Duration connectTimeout, Optional<EgressProxy> proxy) {
    this.connectTimeout = connectTimeout;
    this.proxy = proxy;
  }

  Outcome map(Throwable failure, URI uri) {
    String host = host(uri);
    return proxy
        .flatMap(used -> ProxyExceptionMapper.mapException(failure, used, host))
        .orElseGet(() -> direct(failure, uri, host));
  }

  private Outcome direct(Throwable failure, URI uri, String host) {
    if (failure instanceof HttpTimeoutException) {
      return timedOut(failure, host);
    }
    if (hasCause(failure, UnresolvedAddressException.class)
        || hasCause(failure, UnknownHostException.class)) {
      return new NoResponse(
          Cause.DNS_FAILURE,
          "DNS knows no address of " + uri.getHost() + "; check the endpoint's host");
    }
    if (isOurs(failure)) {
      return new InternalError("the sender could not send: " + boundedMessage(failure));
    }
    if (hasCause(failure, ConnectException.class)) {
      return notConnected(failure, host);
    }
    if (hasCause(failure, SSLException.class) && !messageContains(failure, "reset")) {
      return new NoResponse(Cause.TLS_FAILURE, TlsErrors.describe(failure, host));
    }
    return isClosed(failure) ? closed(failure, host) : malformed(failure);
  }

  /// Whether the connection was closed or reset before the first byte of an answer.
  static boolean isClosedWithoutResponse(Throwable failure) {
    return !hasCause(failure, ConnectException.class)
        && !hasCause(failure, SSLException.class)
        && (messageContains(failure, NO_BYTES)
            || messageContains(failure, "Broken pipe")
            || (isReset(failure) && !messageContains(failure, "parsing")));
  }

  /// Whether the client complains of a 204 that announces a body. Some frameworks send that, and it
  /// is a 204 all the same.
  static boolean is204WithContentLength(Throwable failure) {
    return messageContains(failure, "unexpected content length header with 204 response");
  }

  private Outcome timedOut(Throwable failure, String host) {
    return failure instanceof HttpConnectTimeoutException
        ? new NoResponse(
            Cause.TIMEOUT,
            "no connection to "
                + host
                + " within "
                + seconds(connectTimeout)
                + "; check firewalls, and that something accepts connections there")
        : new NoResponse(
            Cause.TIMEOUT,
            "the receiver took the connection but sent no full status line and headers in time; answer first, then do the work");
  }

  private static Outcome notConnected(Throwable failure, String host) {
    if (messageContains(failure, "refused")
        || causes(failure).allMatch(link -> link.getMessage() == null)) {
      return new NoResponse(
          Cause.CONNECTION_REFUSED,
          host + " refused the connection; check that the receiver runs and listens on that port");
    }
    if (messageContains(failure, "timed out")) {
      return new NoResponse(
          Cause.TIMEOUT, "no connection to " + host + ": the network gave up; check firewalls");
    }
    return messageContains(failure, "reset")
        ? new NoResponse(
            Cause.CONNECTION_RESET, host + " reset the connection while it was being made")
        : new NoResponse(
            Cause.CONNECTION_REFUSED, "no way to " + host + ": " + boundedMessage(failure));
  }

  private static Outcome closed(Throwable failure, String host) {
    return new NoResponse(
        Cause.CONNECTION_RESET,
        host
            + (messageContains(failure, "parsing")
                ? " closed the connection in the middle of its headers"
                : " closed the connection without an answer")
            + "; look for a crash or a limit in the receiver or its proxy");
  }

  private static Outcome malformed(Throwable failure) {
    return new NoResponse(
        Cause.MALFORMED_RESPONSE, "the answer is no proper HTTP/1.1: " + boundedMessage(failure));
  }

  private static boolean isOurs(Throwable failure) {
    boolean clientEnded = "closed".equals(failure.getMessage());
    return clientEnded
        || hasCause(failure, BindException.class)
        || messageContains(failure, "Cannot assign requested address")
        || messageContains(failure, "Too many open files");
  }

  private static boolean isClosed(Throwable failure) {
    return hasCause(failure, EOFException.class)
        || isReset(failure)
        || messageContains(failure, NO_BYTES)
        || messageContains(failure, "Broken pipe");
  }

  private static boolean isReset(Throwable failure) {
    return messageContains(failure, "Connection reset") || hasCause(failure, SocketException.class);
  }

  public static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    return causes(failure).anyMatch(type::isInstance);
  }

  public static boolean messageContains(Throwable failure, String words) {
    return causes(failure)
        .anyMatch(link -> link.getMessage() != null && link.getMessage().contains(words));
  }

  public static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(20);
  }

  /// The message in one bounded line: parts of it may be the receiver's.
  public static String boundedMessage(Throwable failure) {
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
