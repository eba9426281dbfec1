/// Stacks, the runs made for them and how a run moves from state to state. Knows accounts only.
/// Start at [RunProgress], which judges every reported move, and [StateGraph], which says which
/// moves are usual.
@NullMarked
package dev.runhook.domain.run;

import org.jspecify.annotations.NullMarked;
