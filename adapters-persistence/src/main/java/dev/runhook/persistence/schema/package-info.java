/// Creates and migrates the tables, and checks that the database is configured to keep its commits.
/// Read [Schema] first.
@NullMarked
package dev.runhook.persistence.schema;

import org.jspecify.annotations.NullMarked;
