/// The administration of webhooks. Read [WebhookAdmin] first.
@NullMarked
package dev.runhook.application.webhook;

import org.jspecify.annotations.NullMarked;
