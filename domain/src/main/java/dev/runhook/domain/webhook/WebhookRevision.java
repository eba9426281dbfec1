package dev.runhook.domain.webhook;

/// The endpoint and the custom headers of a webhook between two edits.
///
/// @param number 1, 2, 3 … in the order of the edits
public record WebhookRevision(int number, Endpoint endpoint, CustomHeaders headers) {}
