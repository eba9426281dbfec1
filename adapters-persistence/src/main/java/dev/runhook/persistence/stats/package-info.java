/// Counts for the web UI and for metrics. All queries here only read and are bounded in time or
/// rows. Read [JdbiStatsQueries] first.
@NullMarked
package dev.runhook.persistence.stats;

import org.jspecify.annotations.NullMarked;
