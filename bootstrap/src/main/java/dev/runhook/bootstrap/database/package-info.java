/// The database of a server or command: an external PostgreSQL or an embedded one, its connection
/// pools, and reconnection after outages. Start with [Database].
@NullMarked
package dev.runhook.bootstrap.database;

import org.jspecify.annotations.NullMarked;
