/// Benchmarks of package-private code of this package. Start at [TransitionParsingBenchmark].
@NullMarked
package dev.runhook.http.run;

import org.jspecify.annotations.NullMarked;
