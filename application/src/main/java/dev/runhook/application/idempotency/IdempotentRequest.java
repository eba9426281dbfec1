package dev.runhook.application.idempotency;

import dev.runhook.application.Fingerprint;
import dev.runhook.domain.account.TokenId;

/// A request with an idempotency key.
///
/// @param id the fingerprint of the account, the route and the key
/// @param contentHash the fingerprint of the request's content
/// @param token the caller's token; other tokens do not get the response
/// @param cipher encrypts the stored response
public record IdempotentRequest(
    Fingerprint id, Fingerprint contentHash, TokenId token, ResponseCipher cipher) {}
