/// A receiver for people to try things with. It checks signatures with code of its own, so that it
/// vouches for the signer. Start at [Receiver].
@NullMarked
package dev.runhook.bootstrap.receiver;

import org.jspecify.annotations.NullMarked;
