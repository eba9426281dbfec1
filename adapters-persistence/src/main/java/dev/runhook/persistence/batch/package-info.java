/// The rows of `delivery_batch`, whose deliveries have no rows of their own. The package depends on
/// `jdbi`. Read [DeliveryBatches] first.
@NullMarked
package dev.runhook.persistence.batch;

import org.jspecify.annotations.NullMarked;
