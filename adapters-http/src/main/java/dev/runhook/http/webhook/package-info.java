/// Routes of webhooks and their secrets, and of the diagnosis of signatures. It depends on the
/// packages `api` and `json`. Start with [WebhookRoutes].
@NullMarked
package dev.runhook.http.webhook;

import org.jspecify.annotations.NullMarked;
