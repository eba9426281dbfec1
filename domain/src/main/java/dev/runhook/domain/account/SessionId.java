package dev.runhook.domain.account;

/// The SHA-256 of a session's key, in hex: all that is kept of it.
public record SessionId(String hex) {}
