/// A receiver with a `JdbcInbox`: each event has one effect, whoever is killed. Read [InboxIT]
/// first.
@NullMarked
package dev.runhook.systemtests.inbox;

import org.jspecify.annotations.NullMarked;
