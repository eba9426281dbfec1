package dev.runhook.receiver;

/// An event that a [JdbcInbox] holds back.
record HeldEvent(String id, long version, long previousVersion) {}
