/// Exports a span for each attempt to an OpenTelemetry collector. This package depends on the
/// OpenTelemetry SDK and on the dispatch observer of the application. Start with
/// [OtlpSpanExporter].
@NullMarked
package dev.runhook.bootstrap.trace;

import org.jspecify.annotations.NullMarked;
