package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.outbound.CauseChain;
import dev.runhook.outbound.egress.EgressProxy;
import dev.runhook.outbound.tls.TlsErrors;
import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// Maps what the JDK's HTTP client returns or throws to outcomes. It limits the number and size of
/// the headers of a response and replaces NUL characters, which PostgreSQL cannot store.
///
/// An exception gets a message that the developer of a receiver can act on. The client reports many
/// failures only by message, so this class matches messages. An unknown exception counts as a
/// malformed response. Failures of the egress proxy are distinguished from failures of the
/// receiver.
final class OutcomeMapper {
  private static final String NO_BYTES = "header parser received no bytes";
  private static final Pattern TUNNEL_REFUSED = Pattern.compile("Tunnel failed, got: (\\d{3})");
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private static final int MAX_HEADERS = 64;
  private static final int MAX_VALUE_LENGTH = 1024;
  private static final char NUL = 0;
  private static final char REPLACEMENT = '\ufffd';

  private final RetryAfter retryAfter;
  private final Duration connectTimeout;
  private final Optional<EgressProxy> proxy;

  /// @param clock used for a date in `Retry-After` if the response has no `Date` header
  OutcomeMapper(InstantSource clock, Duration connectTimeout, Optional<EgressProxy> proxy) {
    this.retryAfter = new RetryAfter(clock);
    this.connectTimeout = connectTimeout;
    this.proxy = proxy;
  }

  Outcome map(Throwable exception, URI uri) {
    CauseChain failure = new CauseChain(exception);
    String host = uri.getRawAuthority();
    return proxy
        .flatMap(used -> mapProxyFailure(failure, used, host))
        .orElseGet(() -> mapDirect(failure, uri, host));
  }

  /// Replaces a response that only the proxy can have sent.
  Outcome withoutProxyResponse(Outcome outcome) {
    return proxy.isPresent()
            && outcome instanceof Responded(var response, var ignored)
            && response.status() == PROXY_AUTHENTICATION_REQUIRED
        ? credentialsRejected()
        : outcome;
  }

  /// Returns the outcome if the proxy caused the failure.
  private static Optional<Outcome> mapProxyFailure(
      CauseChain failure, EgressProxy proxy, String host) {
    Optional<Integer> status = findTunnelStatus(failure);
    if (status.isPresent()) {
      return Optional.of(tunnelRefused(status.get(), host));
    }
    boolean unreachable =
        !(failure.failure() instanceof HttpTimeoutException)
            && (failure.has(ConnectException.class) || isUnresolved(failure));
    return unreachable
        ? Optional.of(new InternalFailure("the egress proxy " + proxy + " is unreachable"))
        : Optional.empty();
  }

  private static Optional<Integer> findTunnelStatus(CauseChain failure) {
    return failure.stream()
        .map(cause -> TUNNEL_REFUSED.matcher(String.valueOf(cause.getMessage())))
        .filter(Matcher::find)
        .map(matcher -> Integer.valueOf(matcher.group(1)))
        .findFirst();
  }

  private static Outcome tunnelRefused(int status, String host) {
    if (status == PROXY_AUTHENTICATION_REQUIRED) {
      return credentialsRejected();
    }
    return status < 500
        ? new Blocked("egress proxy (status " + status + ")")
        : new NoResponse(
            Cause.CONNECTION_REFUSED,
            "the egress proxy could not connect to " + host + " (status " + status + ")");
  }

  private static Outcome credentialsRejected() {
    return new InternalFailure("the egress proxy rejected the configured credentials");
  }

  private Outcome mapDirect(CauseChain failure, URI uri, String host) {
    if (failure.failure() instanceof HttpTimeoutException) {
      return timedOut(failure, host);
    }
    if (isUnresolved(failure)) {
      return new NoResponse(
          Cause.DNS_FAILURE,
          "DNS has no address for " + uri.getHost() + "; check the host of the endpoint");
    }
    if (isInternal(failure)) {
      return new InternalFailure("the request could not be sent: " + failure.message());
    }
    if (failure.has(ConnectException.class)) {
      return notConnected(failure, host);
    }
    if (failure.has(SSLException.class) && !failure.mentions("reset")) {
      return new NoResponse(Cause.TLS_FAILURE, TlsErrors.describe(failure, host));
    }
    return isClosed(failure)
        ? closed(failure, host)
        : new NoResponse(
            Cause.MALFORMED_RESPONSE, "the response is not valid HTTP/1.1: " + failure.message());
  }

  /// Returns whether the connection was closed or reset before the first byte of a response.
  static boolean isClosedWithoutResponse(Throwable exception) {
    CauseChain failure = new CauseChain(exception);
    return !failure.has(ConnectException.class)
        && !failure.has(SSLException.class)
        && (failure.mentions(NO_BYTES)
            || failure.mentions("Broken pipe")
            || (isReset(failure) && !failure.mentions("parsing")));
  }

  /// Returns whether the client rejected a 204 with a `Content-Length`. Some frameworks send that,
  /// and Runhook accepts it.
  static boolean is204WithContentLength(Throwable exception) {
    return new CauseChain(exception).mentions("unexpected content length header with 204 response");
  }

  private Outcome timedOut(CauseChain failure, String host) {
    String message =
        failure.failure() instanceof HttpConnectTimeoutException
            ? "could not connect to "
                + host
                + " within "
                + connectTimeout.toMillis() / 1000.0
                + " s; check firewalls and that the receiver accepts connections"
            : "the receiver accepted the connection but did not send complete response headers in"
                + " time; respond first, then process the delivery";
    return new NoResponse(Cause.TIMEOUT, message);
  }

  private static Outcome notConnected(CauseChain failure, String host) {
    if (failure.mentions("refused")
        || failure.stream().allMatch(cause -> cause.getMessage() == null)) {
      return new NoResponse(
          Cause.CONNECTION_REFUSED,
          host + " refused the connection; check that the receiver runs and listens on that port");
    }
    if (failure.mentions("timed out")) {
      return new NoResponse(
          Cause.TIMEOUT, "could not connect to " + host + ": network timeout; check firewalls");
    }
    return failure.mentions("reset")
        ? new NoResponse(
            Cause.CONNECTION_RESET, host + " reset the connection while it was being established")
        : new NoResponse(
            Cause.CONNECTION_REFUSED, "could not connect to " + host + ": " + failure.message());
  }

  private static Outcome closed(CauseChain failure, String host) {
    return new NoResponse(
        Cause.CONNECTION_RESET,
        host
            + (failure.mentions("parsing")
                ? " closed the connection while sending its headers"
                : " closed the connection without a response")
            + "; check the receiver and its proxy for crashes and limits");
  }

  private static boolean isUnresolved(CauseChain failure) {
    return failure.has(UnresolvedAddressException.class) || failure.has(UnknownHostException.class);
  }

  private static boolean isInternal(CauseChain failure) {
    return "closed".equals(failure.failure().getMessage()) // the HTTP client was closed
        || failure.has(BindException.class)
        || failure.mentions("Cannot assign requested address")
        || failure.mentions("Too many open files");
  }

  private static boolean isClosed(CauseChain failure) {
    return failure.has(EOFException.class)
        || isReset(failure)
        || failure.mentions(NO_BYTES)
        || failure.mentions("Broken pipe");
  }

  private static boolean isReset(CauseChain failure) {
    return failure.mentions("Connection reset") || failure.has(SocketException.class);
  }

  /// @param body the first bytes of the body
  /// @param truncated whether the body is or may be longer
  Responded map(int status, HttpHeaders headers, byte[] body, boolean truncated) {
    return new Responded(
        new ReceiverResponse(
            status, bounded(headers), text(body, truncated).replace(NUL, REPLACEMENT), truncated),
        retryAfter.findDelay(status, headers));
  }

  /// Returns the text, without the start of a character at the end of a truncated body.
  private static String text(byte[] body, boolean truncated) {
    CharBuffer text = CharBuffer.allocate(body.length);
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .decode(ByteBuffer.wrap(body), text, !truncated);
    return text.flip().toString();
  }

  private static List<Header> bounded(HttpHeaders headers) {
    return headers.map().entrySet().stream()
        .flatMap(header -> header.getValue().stream().map(value -> bounded(header.getKey(), value)))
        .limit(MAX_HEADERS)
        .toList();
  }

  private static Header bounded(String name, String value) {
    return new Header(bounded(name), bounded(value));
  }

  private static String bounded(String text) {
    return TextLimits.shorten(text, MAX_VALUE_LENGTH).replace(NUL, REPLACEMENT);
  }

  /// Parses `Retry-After` (RFC 9110, section 10.2.3): a number of seconds or a date. A date is
  /// relative to the `Date` header of the response if there is one, and to the local clock
  /// otherwise.
  static final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final InstantSource clock;

    RetryAfter(InstantSource clock) {
      this.clock = clock;
    }

    /// Returns the requested delay of a 429 or 503 response. Empty if the header is missing,
    /// malformed or in the past.
    Optional<Duration> findDelay(int status, HttpHeaders headers) {
      if (status != 429 && status != 503) {
        return Optional.empty();
      }
      return headers
          .firstValue("Retry-After")
          .map(String::strip)
          .flatMap(value -> parse(value, headers))
          .filter(Duration::isPositive);
    }

    private Optional<Duration> parse(String value, HttpHeaders headers) {
      if (SECONDS.matcher(value).matches()) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
      }
      Instant now =
          headers.firstValue("Date").flatMap(RetryAfter::parseDate).orElseGet(clock::instant);
      return parseDate(value).map(date -> Duration.between(now, date));
    }

    private static Optional<Instant> parseDate(String value) {
      try {
        return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from));
      } catch (DateTimeException ignored) {
        return Optional.empty();
      }
    }
  }
}
