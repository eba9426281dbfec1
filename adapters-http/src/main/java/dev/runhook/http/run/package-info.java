/// Routes of stacks and runs, and of the reports that move a run from state to state. It depends on
/// the packages `api` and `json`. Start with [RunRoutes].
@NullMarked
package dev.runhook.http.run;

import org.jspecify.annotations.NullMarked;
