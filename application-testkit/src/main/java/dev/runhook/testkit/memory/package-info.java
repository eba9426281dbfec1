/// In-memory implementations of all stores. They meet the same contracts as the PostgreSQL adapter
/// and check locks more strictly: a missing lock fails at once. Read [InMemoryTransactor] first.
@NullMarked
package dev.runhook.testkit.memory;

import org.jspecify.annotations.NullMarked;
