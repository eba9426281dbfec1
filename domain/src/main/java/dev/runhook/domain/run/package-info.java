/// Stacks, their runs and the transitions of a run between states. This package depends on
/// accounts. Read [RunProgress] first, which checks every reported transition, then [RunState],
/// which defines the expected ones.
@NullMarked
package dev.runhook.domain.run;

import org.jspecify.annotations.NullMarked;
