package dev.runhook.outbound.egress;

import java.net.InetAddress;
import java.util.List;

/// The result of an [EgressCheck].
public sealed interface EgressResult {
  /// The request may be sent to these addresses.
  ///
  /// @param addresses empty if the host is itself an address
  record Allowed(String host, List<InetAddress> addresses) implements EgressResult {
    private static final ScopedValue<Allowed> BOUND = ScopedValue.newInstance();

    /// Calls the operation with this result bound to the thread. Within the call the host resolves
    /// to exactly the checked addresses, without another lookup.
    public <T> T callBound(ScopedValue.CallableOp<T, InterruptedException> operation)
        throws InterruptedException {
      return ScopedValue.where(BOUND, this).call(operation);
    }

    /// Returns the addresses that are bound to this thread for the host, or an empty list.
    static List<InetAddress> boundAddresses(String host) {
      return BOUND.isBound() && BOUND.get().host().equalsIgnoreCase(host)
          ? BOUND.get().addresses()
          : List.of();
    }
  }

  /// @param rule the rule that forbids the target
  record Denied(String rule) implements EgressResult {}

  /// The host could not be resolved in time.
  record Unresolved(String detail) implements EgressResult {}
}
