/// The conversation with the system that runs: it registers stacks and runs and reports what
/// happens to them. Start at [RunJournal].
@NullMarked
package dev.runhook.application.run;

import org.jspecify.annotations.NullMarked;
