/// What a service needs to receive webhooks. Read [DeliveryReceiver] first, then [JdbcInbox].
@NullMarked
package dev.runhook.receiver;

import org.jspecify.annotations.NullMarked;
