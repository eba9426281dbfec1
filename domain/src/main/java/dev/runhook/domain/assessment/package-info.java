/// How well webhooks work, from what happened to their deliveries. Start with [Assessment].
@NullMarked
package dev.runhook.domain.assessment;

import org.jspecify.annotations.NullMarked;
