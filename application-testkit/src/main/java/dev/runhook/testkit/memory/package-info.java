/// In-memory implementations of the stores for the path of an event. They meet the same contracts
/// as the PostgreSQL adapter and check locks more strictly: a missing lock fails at once. Read
/// models, tokens, sessions and the audit log need PostgreSQL. Read [InMemoryTransactor] first.
@NullMarked
package dev.runhook.testkit.memory;

import org.jspecify.annotations.NullMarked;
