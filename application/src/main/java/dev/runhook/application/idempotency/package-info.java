/// Requests that are sent again because their answer was lost, and take effect once all the same.
/// Knows the driven ports alone; no use case knows of it but by the transactor it is given. Start
/// at [Repeats].
@NullMarked
package dev.runhook.application.idempotency;

import org.jspecify.annotations.NullMarked;
