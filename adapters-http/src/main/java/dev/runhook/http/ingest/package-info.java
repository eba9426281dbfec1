/// Routes for the notifications of other platforms, which become runs. Each platform has a parser
/// that turns what it sends into [Notification]s. This package depends on the packages `api` and
/// `json`. Start with [IngestRoutes].
@NullMarked
package dev.runhook.http.ingest;

import org.jspecify.annotations.NullMarked;
