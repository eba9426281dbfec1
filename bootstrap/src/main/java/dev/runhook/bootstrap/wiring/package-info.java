/// Wires the ports and adapters of a server with Dagger. No other package uses Dagger. Start with
/// [ServerComponent].
@NullMarked
package dev.runhook.bootstrap.wiring;

import org.jspecify.annotations.NullMarked;
