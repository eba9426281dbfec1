/// The workload: stacks, runs, webhooks and transition reports. Start at [Dataset].
@NullMarked
package dev.runhook.bench.load;

import org.jspecify.annotations.NullMarked;
