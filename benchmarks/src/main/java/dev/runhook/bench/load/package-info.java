/// What is to be delivered: stacks, runs, webhooks and reports. Start at [World].
@NullMarked
package dev.runhook.bench.load;

import org.jspecify.annotations.NullMarked;
