/// The processes that a benchmark starts, and the resources that they use. Start at [ChildProcess].
@NullMarked
package dev.runhook.bench.process;

import org.jspecify.annotations.NullMarked;
