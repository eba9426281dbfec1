/// Creates the daily partitions of the history and drops expired ones. Read [JdbiHistoryPartitions]
/// first.
@NullMarked
package dev.runhook.persistence.history;

import org.jspecify.annotations.NullMarked;
