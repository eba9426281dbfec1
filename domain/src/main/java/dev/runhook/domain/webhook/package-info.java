/// An endpoint that wants to hear of a stack's runs, with its secret, its filter and its health.
/// Knows runs, events and signing. Start at [Webhook]; [Routing] decides who hears of an event.
@NullMarked
package dev.runhook.domain.webhook;

import org.jspecify.annotations.NullMarked;
