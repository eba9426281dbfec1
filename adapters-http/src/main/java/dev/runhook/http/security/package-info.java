/// Authenticates requests with an API token or with the session cookie of the web UI, and protects
/// sessions against cross-site request forgery. This package depends on the package `json` for
/// problem documents. Start with [Authenticator].
@NullMarked
package dev.runhook.http.security;

import org.jspecify.annotations.NullMarked;
