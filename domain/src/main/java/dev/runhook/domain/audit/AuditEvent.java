package dev.runhook.domain.audit;

import dev.runhook.domain.account.TokenId;
import java.time.Instant;
import java.util.Optional;

/// What a user did, and when.
///
/// @param occurredAt by the store's clock
/// @param actor the name of the token that was used, as it was then, or of another actor
/// @param token absent if no token was used
public record AuditEvent(
    AuditEventId id,
    Instant occurredAt,
    String actor,
    Optional<TokenId> token,
    AuditedAction audited) {}
