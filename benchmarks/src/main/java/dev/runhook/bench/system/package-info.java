/// The systems that are measured: Runhook and its baselines. All get the same work. Start at
/// [SystemUnderTest].
@NullMarked
package dev.runhook.bench.system;

import org.jspecify.annotations.NullMarked;
