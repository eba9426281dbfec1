/// Sends deliveries: claims them, queues them in memory, makes the attempts and completes them.
/// This package depends on the driven ports, and takes new deliveries through the handoff of
/// `outbox`. Read [Dispatcher] first, then [SendLoop].
@NullMarked
package dev.runhook.application.dispatch;

import org.jspecify.annotations.NullMarked;
