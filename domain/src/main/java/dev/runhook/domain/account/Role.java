package dev.runhook.domain.account;

/// What the bearer of a token is to the account; each role may do all that the ones before it may.
public enum Role {
  /// Sees stacks, runs, webhooks with their secrets, and deliveries.
  READER,
  /// Reports stacks and runs.
  WRITER,
  /// Manages webhooks and tokens, deletes stacks.
  ADMIN;

  /// Whether whoever has this role may do what asks for `needed`.
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }
}
