/// The contracts of deliveries: claims, leases, lanes, lists and redeliveries. Read
/// [DeliveriesContract] first.
@NullMarked
package dev.runhook.testkit.contract.delivery;

import org.jspecify.annotations.NullMarked;
