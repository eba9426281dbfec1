/// Authenticates requests by an API token or by the session cookie of the web UI, and protects
/// sessions against cross-site request forgery. It depends on the package `json` for problem
/// documents. Start with [Authenticator].
@NullMarked
package dev.runhook.http.security;

import org.jspecify.annotations.NullMarked;
