/// Stores webhooks and their revisions. Secrets and header values are encrypted by
/// `dev.runhook.persistence.secret`. Read [JdbiWebhooks] first.
@NullMarked
package dev.runhook.persistence.webhook;

import org.jspecify.annotations.NullMarked;
