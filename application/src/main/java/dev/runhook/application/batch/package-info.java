/// Lets many threads share one piece of work. Knows nobody. Start at [Combiner].
@NullMarked
package dev.runhook.application.batch;

import org.jspecify.annotations.NullMarked;
