package dev.runhook.application.query;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// What became of the transitions of a run at one webhook. If a transition was sent several times,
/// its latest delivery counts.
///
/// @param run the name of the run
/// @param phase the most urgent phase of the deliveries; absent if all transitions were skipped
/// @param deliveries the number of transitions with a delivery
/// @param delivered how many of these were delivered
/// @param skipped the number of transitions that the webhook was skipped for
/// @param delivery one of the deliveries; absent if there is none
public record LaneSummary(
    String run,
    WebhookId webhook,
    Optional<DeliveryPhase> phase,
    int deliveries,
    int delivered,
    int skipped,
    Optional<DeliveryId> delivery) {}
