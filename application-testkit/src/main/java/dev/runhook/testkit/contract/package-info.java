/// What every adapter must do, as tests: an adapter's test implements these interfaces and says
/// only where its transactions come from, or its transport. A failure says which promise is broken.
/// Those of stores cannot move the store's clock, so they speak in durations of nothing or of an
/// hour; each test has an account of its own, for all share one store. Start at
/// [DeliveriesContract].
@NullMarked
package dev.runhook.testkit.contract;

import org.jspecify.annotations.NullMarked;
