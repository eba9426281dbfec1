/// The contracts of stacks, runs and events. Read [RunsContract] first.
@NullMarked
package dev.runhook.testkit.contract.run;

import org.jspecify.annotations.NullMarked;
