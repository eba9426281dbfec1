package dev.runhook.application.idempotency;

import dev.runhook.application.Fingerprint;
import dev.runhook.domain.account.TokenId;

/// A request with a key of the caller's choice.
///
/// @param id of the account, the route and the key together
/// @param content of all that is asked
/// @param token who asks; nobody else is told the answer
/// @param seal what closes the answer while it is kept
public record IdempotentRequest(
    Fingerprint id, Fingerprint contentHash, TokenId token, ResponseCipher cipher) {}
