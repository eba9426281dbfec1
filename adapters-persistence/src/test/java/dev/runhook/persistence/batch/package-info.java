/// Tests of batches of deliveries.
@NullMarked
package dev.runhook.persistence.batch;

import org.jspecify.annotations.NullMarked;
