package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalFailure;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.CauseChain;
import dev.runhook.outbound.egress.EgressProxy;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Distinguishes failures of the egress proxy from failures of the receiver.
final class ProxyExceptionMapper {
  private static final Pattern TUNNEL_REFUSED = Pattern.compile("Tunnel failed, got: (\\d{3})");
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private ProxyExceptionMapper() {}

  /// Returns the outcome if the proxy caused the failure.
  static Optional<Outcome> mapException(CauseChain failure, EgressProxy proxy, String host) {
    Optional<Integer> status = findTunnelStatus(failure);
    if (status.isPresent()) {
      return Optional.of(tunnelRefused(status.get(), host));
    }
    boolean unreachable =
        !(failure.failure() instanceof HttpTimeoutException)
            && (failure.has(ConnectException.class)
                || failure.has(UnresolvedAddressException.class)
                || failure.has(UnknownHostException.class));
    return unreachable
        ? Optional.of(new InternalFailure("the egress proxy " + proxy + " is unreachable"))
        : Optional.empty();
  }

  /// Replaces a response that only the proxy can have sent.
  static Outcome mapResponse(Outcome outcome) {
    return outcome instanceof Responded responded
            && responded.response().status() == PROXY_AUTHENTICATION_REQUIRED
        ? credentialsRejected()
        : outcome;
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

  private static Optional<Integer> findTunnelStatus(CauseChain failure) {
    return failure.stream()
        .map(cause -> TUNNEL_REFUSED.matcher(String.valueOf(cause.getMessage())))
        .filter(Matcher::find)
        .map(matcher -> Integer.valueOf(matcher.group(1)))
        .findFirst();
  }
}
