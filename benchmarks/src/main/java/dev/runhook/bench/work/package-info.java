/// What is to be delivered: stacks, runs, webhooks and reports. Start at [World].
@NullMarked
package dev.runhook.bench.work;

import org.jspecify.annotations.NullMarked;
