package dev.runhook.domain.diagnosis;

import dev.runhook.domain.event.Payload;

/// A body after a program read it as JSON and wrote it anew.
///
/// @param style how it was written, for people, such as "as json.dumps of Python does"
public record ReserializedBody(String style, Payload body) {}
