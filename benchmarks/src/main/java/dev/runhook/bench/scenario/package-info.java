/// The benchmarks, one class each. Start at [DeliveryScenario].
@NullMarked
package dev.runhook.bench.scenario;

import org.jspecify.annotations.NullMarked;
