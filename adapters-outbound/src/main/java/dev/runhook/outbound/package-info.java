/// The outbound adapter: renders events as JSON and posts them to receivers, which may be slow,
/// broken or hostile. This package depends on the driven ports of the application and on the
/// domain. Start with [dev.runhook.outbound.http.HttpTransport].
@NullMarked
package dev.runhook.outbound;

import org.jspecify.annotations.NullMarked;
