/// The contracts of the adapters that render, send and observe deliveries. Read [TransportContract]
/// first.
@NullMarked
package dev.runhook.testkit.contract.transport;

import org.jspecify.annotations.NullMarked;
