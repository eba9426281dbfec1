/// Writes events and their deliveries in one transaction, and hands the deliveries to the
/// dispatcher after the commit. This package depends on the driven ports only. Read [Outbox] first.
@NullMarked
package dev.runhook.application.outbox;

import org.jspecify.annotations.NullMarked;
