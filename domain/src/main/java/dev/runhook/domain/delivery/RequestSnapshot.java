package dev.runhook.domain.delivery;

import dev.runhook.domain.signing.SignatureSet;

/// The parts of a request that cannot be reconstructed later. Everything else is derived from
/// immutable data.
///
/// @param revision the webhook's revision, which determines the endpoint and the custom headers
/// @param userAgent for example `Runhook/1.0.0`
public record RequestSnapshot(int revision, String userAgent, SignatureSet signatures) {}
