package dev.runhook.application.delivery;

/// What became of a replay.
///
/// @param matched how many events it was asked for
/// @param created how many of them it delivers once more: none in a dry run, and none of those that
///   are on their way already
public record ReplayResult(int matched, int created) {}
