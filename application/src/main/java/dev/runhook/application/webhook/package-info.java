/// The conversation with the people who manage webhooks. Start at [WebhookAdmin].
@NullMarked
package dev.runhook.application.webhook;

import org.jspecify.annotations.NullMarked;
