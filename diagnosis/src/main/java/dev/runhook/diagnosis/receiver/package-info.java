/// A receiver for trying out and debugging webhooks. It verifies signatures with
/// `runhook-receiver`, which shares no code with the signer, so it can detect errors in the signer.
/// Start with [Receiver].
@NullMarked
package dev.runhook.diagnosis.receiver;

import org.jspecify.annotations.NullMarked;
