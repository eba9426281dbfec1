/// Runhook inside another service: the use cases, the adapters, the threads and the timers, started
/// and stopped together. Start with [Runhook].
@NullMarked
package dev.runhook.embedded;

import org.jspecify.annotations.NullMarked;
