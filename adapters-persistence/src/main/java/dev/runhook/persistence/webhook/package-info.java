/// Stores webhooks and their revisions. Secrets and header values are encrypted by
/// `dev.runhook.persistence.secret`, and re-encrypted here after the key changes. Read
/// [JdbiWebhooks] first.
@NullMarked
package dev.runhook.persistence.webhook;

import org.jspecify.annotations.NullMarked;
