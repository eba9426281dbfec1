/// Records stacks, runs and transitions as the reporting system sends them. Depends on the driven
/// ports and on `outbox`, which creates the deliveries in the same transaction. Start at
/// [RunJournal].
@NullMarked
package dev.runhook.application.run;

import org.jspecify.annotations.NullMarked;
