/// TLS for the HTTP client: trust in extra CA certificates, and messages that explain why a
/// certificate or a handshake failed. Start with [ExplainingTrustManager].
@NullMarked
package dev.runhook.outbound.tls;

import org.jspecify.annotations.NullMarked;
