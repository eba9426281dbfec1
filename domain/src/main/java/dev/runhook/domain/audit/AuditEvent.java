package dev.runhook.domain.audit;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// What a user did, and when.
///
/// @param occurredAt by the store's clock
/// @param actor the name that the token had at the time, or the name of another actor
/// @param token absent if no token was used
/// @param stack the slug of the stack; absent if the action concerns the account
/// @param resource the webhook, delivery or token; absent for a stack or all of its webhooks
/// @param details more information, at most 500 characters for each key, in the order of the keys
public record AuditEvent(
    AuditEventId id,
    Instant occurredAt,
    String actor,
    Optional<TokenId> token,
    AuditAction action,
    AccountId account,
    Optional<String> stack,
    Optional<UUID> resource,
    Map<AuditDetail, String> details) {
  public static final int MAX_DETAIL = 500;

  public AuditEvent {
    details = Collections.unmodifiableMap(new TreeMap<>(details));
    if (details.values().stream().anyMatch(value -> value.length() > MAX_DETAIL)) {
      throw new IllegalArgumentException("a detail has at most " + MAX_DETAIL + " characters");
    }
  }
}
