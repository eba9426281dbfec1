/// Renders payloads in other formats than Runhook's own: CloudEvents, and messages for chat. It
/// reads the payload that [dev.runhook.outbound.payload.JsonPayloadRenderer] has rendered. This
/// package depends on Jackson and the domain. Start with [FormatRenderer].
@NullMarked
package dev.runhook.outbound.format;

import org.jspecify.annotations.NullMarked;
