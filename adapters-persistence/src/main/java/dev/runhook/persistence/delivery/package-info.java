/// Stores deliveries and attempts. The longest statements have classes of their own: those that
/// claim, complete, find and list deliveries. The package depends on `jdbi`, `secret` and
/// `webhook`. Read [JdbiDeliveries] first.
@NullMarked
package dev.runhook.persistence.delivery;

import org.jspecify.annotations.NullMarked;
