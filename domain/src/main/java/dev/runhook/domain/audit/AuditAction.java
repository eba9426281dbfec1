package dev.runhook.domain.audit;

/// What people can do that is written down. What runs report is not among it: that is told by the
/// runs themselves.
public enum AuditAction {
  STACK_DELETED,
  WEBHOOK_CREATED,
  /// Its endpoint, name, filters, headers or patience.
  WEBHOOK_UPDATED,
  WEBHOOK_DISABLED,
  /// Also a paused one, whose failures are forgotten.
  WEBHOOK_ENABLED,
  WEBHOOK_DELETED,
  /// Shown to somebody.
  SECRET_READ,
  /// Replaced by another.
  SECRET_ROTATED,
  /// Its overlap cut short.
  PREVIOUS_SECRET_REVOKED,
  WEBHOOK_PINGED,
  DELIVERY_REDELIVERED,
  DELIVERIES_REPLAYED,
  /// Of a run, or of all stacks that the token is for.
  PAYLOADS_ERASED,
  TOKEN_CREATED,
  TOKEN_REVOKED
}
