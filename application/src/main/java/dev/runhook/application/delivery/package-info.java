/// Shows and explains deliveries, and creates pings, redeliveries and replays. Depends on the
/// driven ports, on `outbox`, which adds deliveries, and on `dispatch` for the headers of requests.
/// Start at [DeliveryAdmin].
@NullMarked
package dev.runhook.application.delivery;

import org.jspecify.annotations.NullMarked;
