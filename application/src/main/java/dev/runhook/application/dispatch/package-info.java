/// Sends deliveries: claims as many as there are slots, makes the attempts and completes them. This
/// package depends on the driven ports, and takes new deliveries through the handoff of `outbox`.
/// Read [Dispatcher] first, then [Slots] and [Sender].
@NullMarked
package dev.runhook.application.dispatch;

import org.jspecify.annotations.NullMarked;
