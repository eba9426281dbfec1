/// Renders events as JSON payloads, and reserializes JSON in the dialects of other languages for
/// the signature diagnosis. This package depends on Jackson and the domain. Start with
/// [JsonPayloadRenderer].
@NullMarked
package dev.runhook.outbound.payload;

import org.jspecify.annotations.NullMarked;
