package dev.runhook.domain.delivery;

import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.WebhookId;

/// What must stay in order: the deliveries of one run to one webhook. They arrive one after the
/// other, by `stateVersion`. A ping has no lane.
public record Lane(WebhookId webhook, RunId run) {}
