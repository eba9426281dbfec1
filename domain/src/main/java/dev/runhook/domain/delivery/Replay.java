package dev.runhook.domain.delivery;

import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Optional;

/// A redelivery of the events in a time range to one webhook.
///
/// @param from the earliest creation time of the replayed deliveries, inclusive
/// @param to the latest one, exclusive; absent for the time of the replay
/// @param status the status of the replayed deliveries
/// @param matched how many events match
public record Replay(
    ReplayId id,
    WebhookId webhook,
    Instant from,
    Optional<Instant> to,
    Delivery.Status status,
    int matched,
    Instant createdAt) {}
