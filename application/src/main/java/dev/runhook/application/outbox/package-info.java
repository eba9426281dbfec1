/// Puts events into a transaction together with their deliveries, and hands those over to the
/// dispatcher once it is committed. Knows the driven ports only. Start at [Outbox].
@NullMarked
package dev.runhook.application.outbox;

import org.jspecify.annotations.NullMarked;
