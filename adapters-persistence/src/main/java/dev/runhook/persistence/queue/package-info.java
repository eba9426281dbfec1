/// The table `delivery_queue` with the open deliveries: the locks that keep lanes in order, and the
/// rows that leave it. The package depends on `jdbi`. Read [LaneLocks] first.
@NullMarked
package dev.runhook.persistence.queue;

import org.jspecify.annotations.NullMarked;
