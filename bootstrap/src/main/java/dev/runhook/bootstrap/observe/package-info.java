/// Logs, metrics and the readiness of the server. Its observers implement the observer ports of the
/// application and of the HTTP API. Start with [PrometheusMetrics] and [Logging].
@NullMarked
package dev.runhook.bootstrap.observe;

import org.jspecify.annotations.NullMarked;
