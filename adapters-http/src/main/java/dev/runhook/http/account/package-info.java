/// Routes for an account: tokens, sessions of the web UI and the audit log. This package depends on
/// the packages `api`, `json` and `security`. Start with [TokenRoutes].
@NullMarked
package dev.runhook.http.account;

import org.jspecify.annotations.NullMarked;
