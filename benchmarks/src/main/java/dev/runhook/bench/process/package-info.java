/// Processes that a measurement starts, and what they use. Start at [Child].
@NullMarked
package dev.runhook.bench.process;

import org.jspecify.annotations.NullMarked;
