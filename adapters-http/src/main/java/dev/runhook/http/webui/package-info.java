/// Serves the web UI: static files from the jar. This package depends on the package `api` for its
/// error responses. The files are in the resources of this package. Start with [WebUiRoutes].
@NullMarked
package dev.runhook.http.webui;

import org.jspecify.annotations.NullMarked;
