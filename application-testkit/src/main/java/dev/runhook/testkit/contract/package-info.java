/// What every store must do, as tests: an adapter's test implements these interfaces and says only
/// where its transactions come from. They cannot move the store's clock, so they speak in durations
/// of nothing or of an hour; each test has an account of its own, for all share one store. Start at
/// [DeliveriesContract].
@NullMarked
package dev.runhook.testkit.contract;

import org.jspecify.annotations.NullMarked;
