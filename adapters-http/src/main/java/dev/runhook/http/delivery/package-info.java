/// Routes of deliveries: lists, details, explanations, the stream of changes, redelivery, replay
/// and payload erasure. It depends on `api` and `json`, and on `run` and `webhook` for the paths
/// below which its routes live. Start with [DeliveryRoutes].
@NullMarked
package dev.runhook.http.delivery;

import org.jspecify.annotations.NullMarked;
