/// Routes of read models for overviews: the list of stacks and the delivery statistics of a
/// webhook. It depends on `api` and `json`, and on `run` and `webhook` for their JSON and paths.
/// Start with [StatsRoutes].
@NullMarked
package dev.runhook.http.stats;

import org.jspecify.annotations.NullMarked;
