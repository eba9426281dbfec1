/// Batches the work of many threads. This package depends on the JDK only. Read [FairBatcher]
/// first.
@NullMarked
package dev.runhook.application.batch;

import org.jspecify.annotations.NullMarked;
