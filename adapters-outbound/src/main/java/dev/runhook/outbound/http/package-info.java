/// Posts deliveries over the JDK's HTTP client and turns responses and exceptions into outcomes.
/// Most classes work around limits of that client: body timeouts, leaked connections and stale
/// keep-alive connections. Start with [HttpTransport].
@NullMarked
package dev.runhook.outbound.http;

import org.jspecify.annotations.NullMarked;
