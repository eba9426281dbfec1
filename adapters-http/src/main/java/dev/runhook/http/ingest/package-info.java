/// Routes for the notifications of other platforms, which become runs. A [Platform] has a [Mapping]
/// for each kind of notification, which says where the fields of a run are and what the states
/// mean. This package depends on the packages `api` and `json`. Start with [IngestRoutes].
@NullMarked
package dev.runhook.http.ingest;

import org.jspecify.annotations.NullMarked;
