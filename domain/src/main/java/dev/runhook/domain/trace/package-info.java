/// The place of an event in a trace that began elsewhere, as W3C Trace Context tells it. Knows
/// nobody. Start at [TraceContext].
@NullMarked
package dev.runhook.domain.trace;

import org.jspecify.annotations.NullMarked;
