/// Webhooks: an endpoint with its secret, its subscription and its health. This package depends on
/// runs, events, signing and egress. Read [Webhook] first. [RoutingDecision] decides whether a
/// webhook is notified of an event.
@NullMarked
package dev.runhook.domain.webhook;

import org.jspecify.annotations.NullMarked;
