/// Removes history: expired partitions by age, what belonged to deleted stacks, and payloads on
/// request. This package depends on the driven ports. Read [Retention] and [PayloadErasure] first.
@NullMarked
package dev.runhook.application.retention;

import org.jspecify.annotations.NullMarked;
