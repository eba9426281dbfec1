/// The driven ports of deliveries: their store, the transport, the renderer and the observer, with
/// the values that they exchange. Read [Deliveries] first, then [Transport].
@NullMarked
package dev.runhook.application.spi.delivery;

import org.jspecify.annotations.NullMarked;
