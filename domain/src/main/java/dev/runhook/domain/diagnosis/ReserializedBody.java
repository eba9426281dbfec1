package dev.runhook.domain.diagnosis;

import dev.runhook.domain.event.Payload;

/// A body after a program parsed it as JSON and serialized it again.
///
/// @param style the serialization style, for users
public record ReserializedBody(String style, Payload body) {}
