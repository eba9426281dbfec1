/// Removes history: expired partitions by age, and payloads on request. Depends on the driven
/// ports. Start at [Retention] and [PayloadErasure].
@NullMarked
package dev.runhook.application.retention;

import org.jspecify.annotations.NullMarked;
