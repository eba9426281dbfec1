/// Renders events as JSON payloads. This package depends on Jackson and the domain. Start with
/// [JsonPayloadRenderer].
@NullMarked
package dev.runhook.outbound.payload;

import org.jspecify.annotations.NullMarked;
