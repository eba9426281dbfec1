/// Sends deliveries: claims them, queues them in memory, makes the attempts and completes these.
/// Depends on the driven ports, and takes new deliveries through the handoff of `outbox`. Start at
/// [Dispatcher], then read [SendLoop].
@NullMarked
package dev.runhook.application.dispatch;

import org.jspecify.annotations.NullMarked;
