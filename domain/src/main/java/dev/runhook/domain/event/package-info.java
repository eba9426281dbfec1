/// What is told to the outside: a run that moved, or a ping. An event is rendered once; its
/// [Payload] never changes. Knows runs. Start at [Event].
@NullMarked
package dev.runhook.domain.event;

import org.jspecify.annotations.NullMarked;
