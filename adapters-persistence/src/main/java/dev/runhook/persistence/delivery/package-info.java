/// Stores deliveries and attempts. Each statement that is more than a few lines has a class of its
/// own: a delivery is inserted, claimed, completed, and then found and listed. The package depends
/// on `jdbi`, `run`, `secret` and `webhook`. Read [JdbiDeliveries] first.
@NullMarked
package dev.runhook.persistence.delivery;

import org.jspecify.annotations.NullMarked;
