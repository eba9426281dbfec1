package dev.runhook.application.delivery;

/// The result of a replay.
///
/// @param matched how many events match the request
/// @param created how many deliveries were created; events with an open delivery are omitted, and a
///   dry run creates none
public record ReplayResult(int matched, int created) {}
