/// Turns HTTP requests into calls to the application and results into responses: routing with
/// authorization, content negotiation, idempotency keys, pagination, problem documents and
/// server-sent events. The route classes of the other packages build on this package, which depends
/// on the packages `json` and `security`. Start with [Routes] and [ApiRequest].
@NullMarked
package dev.runhook.http.api;

import org.jspecify.annotations.NullMarked;
