package dev.runhook.outbound.http;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Blocked;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.InternalError;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.domain.delivery.Outcome.Responded;
import dev.runhook.outbound.egress.EgressProxy;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says what a failure means where requests leave by a proxy: whose fault it is must be told apart.
final class ProxyExceptionMapper {
  private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");
  private static final int WANTS_CREDENTIALS = 407;

  private ProxyExceptionMapper() {}

  /// What the proxy did, if it was the proxy.
  static Optional<Outcome> mapException(Throwable failure, EgressProxy proxy, String host) {
    Optional<Integer> noTunnel = noTunnel(failure);
    if (noTunnel.isPresent()) {
      return Optional.of(refused(noTunnel.get(), host));
    }
    boolean unreachable =
        !(failure instanceof HttpTimeoutException)
            && (ExceptionMapper.hasCause(failure, ConnectException.class)
                || ExceptionMapper.hasCause(failure, UnresolvedAddressException.class)
                || ExceptionMapper.hasCause(failure, UnknownHostException.class));
    return unreachable
        ? Optional.of(new InternalError("the egress proxy " + proxy + " cannot be reached"))
        : Optional.empty();
  }

  /// An answer that can only be the proxy's own.
  static Outcome mapResponse(Outcome outcome) {
    return outcome instanceof Responded responded
            && responded.response().status() == WANTS_CREDENTIALS
        ? wantsCredentials()
        : outcome;
  }

  private static Outcome refused(int status, String host) {
    if (status == WANTS_CREDENTIALS) {
      return wantsCredentials();
    }
    return status < 500
        ? new Blocked("egress proxy, which answered " + status)
        : new NoResponse(
            Cause.CONNECTION_REFUSED,
            "the egress proxy has no connection to " + host + " (it answered " + status + ")");
  }

  private static Outcome wantsCredentials() {
    return new InternalError(
        "the egress proxy does not take the credentials of RUNHOOK_EGRESS_PROXY");
  }

  private static Optional<Integer> noTunnel(Throwable failure) {
    return ExceptionMapper.causes(failure)
        .map(link -> NO_TUNNEL.matcher(String.valueOf(link.getMessage())))
        .filter(Matcher::find)
        .map(found -> Integer.valueOf(found.group(1)))
        .findFirst();
  }
}
