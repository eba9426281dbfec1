/// Routes for stacks and runs, and for the reports that move a run from state to state. This
/// package depends on the packages `api` and `json`. Start with [RunRoutes].
@NullMarked
package dev.runhook.http.run;

import org.jspecify.annotations.NullMarked;
