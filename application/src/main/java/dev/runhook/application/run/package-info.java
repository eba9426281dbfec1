/// Records stacks, runs and transitions as the reporting system sends them. This package depends on
/// the driven ports and on `outbox`, which creates the deliveries in the same transaction. Read
/// [RunJournal] first.
@NullMarked
package dev.runhook.application.run;

import org.jspecify.annotations.NullMarked;
