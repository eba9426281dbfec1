/// What a service needs to receive webhooks. Read [DeliveryReceiver] first.
@NullMarked
package dev.runhook.receiver;

import org.jspecify.annotations.NullMarked;
