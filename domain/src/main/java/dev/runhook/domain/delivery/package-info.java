/// What becomes of an event on its way to one webhook: attempts, their outcomes and the schedule of
/// retries. Knows webhooks. Start at [Delivery].
@NullMarked
package dev.runhook.domain.delivery;

import org.jspecify.annotations.NullMarked;
