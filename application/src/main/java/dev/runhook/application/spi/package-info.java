/// What the application needs from outside: a transaction and the stores in it, a way to post, a
/// way to render, somebody who is told. Adapters implement these; nobody else needs them. Start at
/// [Transactor].
@NullMarked
package dev.runhook.application.spi;

import org.jspecify.annotations.NullMarked;
