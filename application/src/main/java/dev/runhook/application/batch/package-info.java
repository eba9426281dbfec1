/// Batches work of many threads. Depends on the JDK only. Start at [Batcher].
@NullMarked
package dev.runhook.application.batch;

import org.jspecify.annotations.NullMarked;
