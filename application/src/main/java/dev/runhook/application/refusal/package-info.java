/// Why a request is refused. A use case throws a [RefusedException], which carries a [Refusal] with
/// the data and the sentence for people. [Require] finds what a request refers to, or refuses the
/// request. Read [Refusal] first.
@NullMarked
package dev.runhook.application.refusal;

import org.jspecify.annotations.NullMarked;
