/// What one event costs in pure code, by JMH: `./runhook bench jmh`. Start at [EventBenchmark].
@NullMarked
package dev.runhook.bench.micro;

import org.jspecify.annotations.NullMarked;
