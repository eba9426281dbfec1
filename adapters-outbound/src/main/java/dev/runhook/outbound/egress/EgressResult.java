package dev.runhook.outbound.egress;

import dev.runhook.domain.delivery.Outcome;
import java.net.InetAddress;
import java.util.List;

/// Whether a request may go out now.
public sealed interface EgressResult {
  /// It may go to these addresses of its host; to none in particular where the host is an address
  /// itself.
  record Allowed(String host, List<InetAddress> addresses) implements EgressResult {
    private static final ScopedValue<Allowed> BOUND = ScopedValue.newInstance();

    /// Calls with this bound to the thread: the name then leads to the judged addresses and nowhere
    /// else, without another look-up.
    public Outcome callBound(ScopedValue.CallableOp<Outcome, InterruptedException> sending)
        throws InterruptedException {
      return ScopedValue.where(BOUND, this).call(sending);
    }

    /// The addresses that this thread's request was cleared for, if it is one to that host.
    static List<InetAddress> boundAddresses(String host) {
      return BOUND.isBound() && BOUND.get().host().equalsIgnoreCase(host)
          ? BOUND.get().addresses()
          : List.of();
    }
  }

  record Denied(String rule) implements EgressResult {}

  /// Its host has no address that we could find in time.
  record Unresolved(String detail) implements EgressResult {}
}
