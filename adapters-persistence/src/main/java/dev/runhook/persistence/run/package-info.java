/// Stores stacks, runs with their transitions, and events with their payloads. [AppendJournalEntry]
/// records; read it first. This package depends on `jdbi` and `queue`.
@NullMarked
package dev.runhook.persistence.run;

import org.jspecify.annotations.NullMarked;
