/// Shows and explains deliveries, and creates pings, redeliveries and replays. This package depends
/// on the driven ports, on `outbox`, which adds deliveries, and on `dispatch` for the headers of
/// requests. Read [DeliveryAdmin] first.
@NullMarked
package dev.runhook.application.delivery;

import org.jspecify.annotations.NullMarked;
