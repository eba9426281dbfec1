package dev.runhook.outbound.http;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.NoResponse;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Chooses the address of a receiver that has several: the same one until it does not respond, then
/// the next one. Accounts do not affect each other's choice. Thread-safe.
final class AddressRotation {
  private static final int MAX_FAILED = 10_000;

  private final Set<ConnectionKey> failed = ConcurrentHashMap.newKeySet();

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

  void record(ConnectionKey key, Outcome outcome) {
    if (outcome instanceof NoResponse) {
      if (failed.size() >= MAX_FAILED) {
        failed.clear();
      }
      failed.add(key);
    }
  }
}
