package dev.runhook.outbound;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Answered;
import dev.runhook.domain.delivery.Outcome.Cause;
import dev.runhook.domain.delivery.Outcome.Faulted;
import dev.runhook.domain.delivery.Outcome.Refused;
import dev.runhook.domain.delivery.Outcome.Unanswered;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says what a failure means where requests leave by a proxy: whose fault it is must be told apart.
final class ProxyFailures {
  private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");
  private static final int WANTS_CREDENTIALS = 407;

  private ProxyFailures() {}

  /// What the proxy did, if it was the proxy.
  static Optional<Outcome> outcome(Throwable failure, EgressProxy proxy, String host) {
    Optional<Integer> noTunnel = noTunnel(failure);
    if (noTunnel.isPresent()) {
      return Optional.of(refused(noTunnel.get(), host));
    }
    boolean unreachable =
        !(failure instanceof HttpTimeoutException)
            && (Failures.has(failure, ConnectException.class)
                || Failures.has(failure, UnresolvedAddressException.class)
                || Failures.has(failure, UnknownHostException.class));
    return unreachable
        ? Optional.of(new Faulted("the egress proxy " + proxy + " cannot be reached"))
        : Optional.empty();
  }

  /// An answer that can only be the proxy's own.
  static Outcome judged(Outcome outcome) {
    return outcome instanceof Answered answered && answered.answer().status() == WANTS_CREDENTIALS
        ? wantsCredentials()
        : outcome;
  }

  private static Outcome refused(int status, String host) {
    if (status == WANTS_CREDENTIALS) {
      return wantsCredentials();
    }
    return status < 500
        ? new Refused("egress proxy, which answered " + status)
        : new Unanswered(
            Cause.CONNECTION_REFUSED,
            "the egress proxy has no connection to " + host + " (it answered " + status + ")");
  }

  private static Outcome wantsCredentials() {
    return new Faulted("the egress proxy does not take the credentials of RUNHOOK_EGRESS_PROXY");
  }

  private static Optional<Integer> noTunnel(Throwable failure) {
    return Failures.chain(failure)
        .map(link -> NO_TUNNEL.matcher(String.valueOf(link.getMessage())))
        .filter(Matcher::find)
        .map(found -> Integer.valueOf(found.group(1)))
        .findFirst();
  }
}
