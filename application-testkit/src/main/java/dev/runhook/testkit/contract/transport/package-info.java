/// The contracts of the adapters that render, send and observe deliveries. Read [TransportContract]
/// first, and [HttpTransportContract] for transports that send by HTTP.
@NullMarked
package dev.runhook.testkit.contract.transport;

import org.jspecify.annotations.NullMarked;
