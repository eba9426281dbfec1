/// Keeps everything in PostgreSQL, with JDBI and plain SQL. All tables are in the schema `runhook`.
/// What is open is in one small hot table, what is finished in parts by day. Start at
/// [JdbiTransactor]; a host that has its own transactions at [JdbiUnitOfWork].
@NullMarked
package dev.runhook.persistence;

import org.jspecify.annotations.NullMarked;
