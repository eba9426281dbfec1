package dev.runhook.outbound.http;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import dev.runhook.outbound.HttpClientProperties;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the transport has learned about receivers: whether the client is likely to have an idle
/// connection, and which of several addresses did not respond. The choice of an address stays the
/// same until it does not respond, and then it is the next one. Accounts do not affect each other.
/// Thread-safe.
final class KnownConnections {
  private static final int MAX_RECEIVERS = 10_000;
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private final Map<ConnectionKey, Long> lastUsed = new ConcurrentHashMap<>();
  private final long nanos = HttpClientProperties.keepAliveTimeout().plus(MARGIN).toNanos();
  private final Set<ConnectionKey> failed = ConcurrentHashMap.newKeySet();

  /// Chooses the address of a request.
  ///
  /// @param targets one URI for each address
  URI choose(AccountId account, List<URI> targets) {
    for (URI target : targets) {
      if (!failed.contains(ConnectionKey.of(account, target))) {
        return target;
      }
    }
    targets.forEach(target -> failed.remove(ConnectionKey.of(account, target)));
    return targets.getFirst();
  }

  void recordOutcome(ConnectionKey key, Outcome outcome) {
    if (outcome instanceof NoResponse) {
      if (failed.size() >= MAX_RECEIVERS) {
        failed.clear();
      }
      failed.add(key);
    }
  }

  /// The client does not report whether it reused a connection, so the estimate errs toward yes.
  boolean isLikelyOpen(ConnectionKey key) {
    Long last = lastUsed.get(key);
    return last != null && System.nanoTime() - last < nanos;
  }

  void recordUse(ConnectionKey key) {
    long now = System.nanoTime();
    if (lastUsed.size() >= MAX_RECEIVERS) {
      lastUsed.values().removeIf(last -> now - last >= nanos);
    }
    lastUsed.put(key, now);
  }
}
