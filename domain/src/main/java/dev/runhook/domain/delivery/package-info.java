/// Deliveries: one event for one webhook, with its attempts, their outcomes and the retry schedule.
/// This package depends on webhooks, events and signing. Read [Delivery] first.
@NullMarked
package dev.runhook.domain.delivery;

import org.jspecify.annotations.NullMarked;
