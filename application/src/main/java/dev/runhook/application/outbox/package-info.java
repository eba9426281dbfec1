/// Writes events and their deliveries in one transaction, and hands the deliveries to the
/// dispatcher after the commit. Depends on the driven ports only. Start at [Outbox].
@NullMarked
package dev.runhook.application.outbox;

import org.jspecify.annotations.NullMarked;
