/// What leaves the house: events rendered to JSON, posted to receivers that may be slow, broken or
/// hostile, and only to where we may call. Knows the application's driven ports and the domain.
/// Start at [HttpTransport]; [EgressGuard] is what a process calls first.
@NullMarked
package dev.runhook.outbound;

import org.jspecify.annotations.NullMarked;
