/// Routes for deliveries: lists, details, explanations, the stream of changes, redelivery, replay
/// and payload erasure. This package depends on `api` and `json`, and on `run` and `webhook` for
/// the parent paths of its routes. Start with [DeliveryRoutes].
@NullMarked
package dev.runhook.http.delivery;

import org.jspecify.annotations.NullMarked;
