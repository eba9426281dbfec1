package dev.runhook.domain.audit;

/// The user actions that are audited. Reported transitions are not audited, because runs keep their
/// own history.
public enum AuditAction {
  STACK_DELETED,
  WEBHOOK_CREATED,
  /// The webhook's endpoint, name, filters, headers or delivery settings changed.
  WEBHOOK_UPDATED,
  WEBHOOK_DISABLED,
  /// A disabled or paused webhook was enabled, and its failure count was reset.
  WEBHOOK_ENABLED,
  WEBHOOK_DELETED,
  /// A secret was shown to a user.
  SECRET_READ,
  /// The values of a webhook's custom headers were shown to a user.
  HEADERS_READ,
  /// A new secret replaced the current one.
  SECRET_ROTATED,
  /// The previous secret expired before its overlap ended.
  PREVIOUS_SECRET_REVOKED,
  /// A ping or a test event was sent.
  WEBHOOK_PINGED,
  DELIVERY_REDELIVERED,
  /// A delivery, or all deliveries of a webhook, were retried before their time.
  DELIVERY_RETRIED,
  DELIVERIES_RETRIED,
  DELIVERIES_REPLAYED,
  /// An open delivery, or those of a webhook that match a filter, were canceled.
  DELIVERY_CANCELED,
  DELIVERIES_CANCELED,
  /// The payloads of one run, or of all stacks in the token's scope, were erased.
  PAYLOADS_ERASED,
  TOKEN_CREATED,
  TOKEN_RENAMED,
  TOKEN_REVOKED,
  /// A person signed in with the sign-in link of a token.
  SIGN_IN_LINK_USED,
  /// An admin ended a session of the web UI.
  SESSION_ENDED
}
