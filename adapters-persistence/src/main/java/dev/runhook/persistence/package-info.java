/// Stores everything in PostgreSQL with JDBI and plain SQL, in the schema `runhook`. Open
/// deliveries are in one small, hot table; finished ones are in daily partitions. Read
/// [JdbiTransactor] first. A host that joins Runhook to its own transactions starts at
/// [JdbiUnitOfWork]. This package may use all other packages of the module; they do not use it.
@NullMarked
package dev.runhook.persistence;

import org.jspecify.annotations.NullMarked;
