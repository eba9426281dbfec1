/// Routes for webhooks and their secrets, and for signature diagnosis. This package depends on the
/// packages `api` and `json`. Start with [WebhookRoutes].
@NullMarked
package dev.runhook.http.webhook;

import org.jspecify.annotations.NullMarked;
