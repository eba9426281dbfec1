/// Wakes dispatchers of other processes with PostgreSQL's LISTEN and NOTIFY. It depends only on the
/// PostgreSQL driver.
@NullMarked
package dev.runhook.persistence.notify;

import org.jspecify.annotations.NullMarked;
