package dev.runhook.domain.account;

/// The permissions of a token. Each role includes those of the roles before it.
public enum Role {
  /// Reads stacks, runs, webhooks with their secrets, and deliveries.
  READER,
  /// Reports stacks and runs.
  WRITER,
  /// Manages webhooks and tokens, and deletes stacks.
  ADMIN;

  /// Returns whether this role includes the permissions of `needed`.
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }
}
