package dev.runhook.domain.account;

/// The id of a session: the SHA-256 of its key, in hex. The key itself is not stored.
public record SessionId(String hex) {}
