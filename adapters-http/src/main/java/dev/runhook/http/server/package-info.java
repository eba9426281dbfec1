/// Mounts the HTTP API on Javalin and configures Jetty: limits, deadlines, error responses, health
/// checks, metrics and the OpenAPI file. This package depends on all other packages of this module.
/// Hosts use only this package. Start with [HttpApi].
@NullMarked
package dev.runhook.http.server;

import org.jspecify.annotations.NullMarked;
