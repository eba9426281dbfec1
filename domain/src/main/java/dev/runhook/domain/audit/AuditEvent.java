package dev.runhook.domain.audit;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.TokenId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What a user did, and when.
///
/// @param occurredAt by the store's clock
/// @param actor the name that the token had at the time, or the name of another actor
/// @param token absent if no token was used
/// @param stack the slug of the stack; absent if the action concerns the account
/// @param resource the webhook, delivery or token; absent for a stack or all of its webhooks
/// @param detail more information for users, at most 500 characters; never a secret, the new value
///   of a setting, or a URL query
public record AuditEvent(
    AuditEventId id,
    Instant occurredAt,
    String actor,
    Optional<TokenId> token,
    AuditAction action,
    AccountId account,
    Optional<String> stack,
    Optional<UUID> resource,
    String detail) {
  private static final int MAX_DETAIL = 500;

  public AuditEvent {
    if (detail.length() > MAX_DETAIL) {
      throw new IllegalArgumentException(
          "a detail has at most " + MAX_DETAIL + " characters, not " + detail.length());
    }
  }
}
