package dev.runhook.domain.delivery;

import dev.runhook.domain.signing.SignatureSet;

/// What of the request of an attempt could not be worked out later: all else of it follows from
/// what never changes.
///
/// @param revision of the webhook: where the request went, with which headers of its own
/// @param userAgent such as `Runhook/1.0.0`
public record RequestSnapshot(int revision, String userAgent, SignatureSet signatures) {}
