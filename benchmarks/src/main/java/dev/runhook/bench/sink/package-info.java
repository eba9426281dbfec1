/// The receiver of all deliveries, a separate process that uses as little CPU time as possible. It
/// logs receipts and verifies one of the signatures. Start at [Sink].
@NullMarked
package dev.runhook.bench.sink;

import org.jspecify.annotations.NullMarked;
