/// Stores stacks, runs with their transitions, and events with their payloads. This package depends
/// only on `dev.runhook.persistence.jdbi`. Read [JdbiRuns] first.
@NullMarked
package dev.runhook.persistence.run;

import org.jspecify.annotations.NullMarked;
