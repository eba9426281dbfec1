package dev.runhook.domain.audit;

import dev.runhook.domain.account.TokenId;
import java.time.Instant;
import java.util.Optional;

/// What somebody did, and when.
///
/// @param at by the store's clock
/// @param actor the name of the token by which it was done, as it was then, or of what else did it
/// @param token absent where no token was shown
public record AuditEvent(
    AuditEventId id,
    Instant occurredAt,
    String actor,
    Optional<TokenId> token,
    AuditedAction audited) {}
