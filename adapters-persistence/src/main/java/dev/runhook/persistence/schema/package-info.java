/// Creates and migrates the tables and the daily partitions of the history, drops expired history,
/// and checks that the database is configured to keep its commits. Read [Schema] first.
@NullMarked
package dev.runhook.persistence.schema;

import org.jspecify.annotations.NullMarked;
