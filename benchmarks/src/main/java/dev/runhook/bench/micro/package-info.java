/// JMH benchmarks of rendering and signing one event: `./runhook bench jmh`. Start at
/// [EventBenchmark].
@NullMarked
package dev.runhook.bench.micro;

import org.jspecify.annotations.NullMarked;
