package dev.runhook.domain.webhook;

/// What a webhook sent from one edit to the next besides what we say, and where to.
///
/// @param number 1, 2, 3 … in the order of the edits
public record WebhookRevision(int number, Endpoint endpoint, CustomHeaders headers) {}
