package dev.runhook.application.spi.account;

import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.text.Fingerprint;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Requests with an idempotency key, and their responses. Times use the clock of the store.
public interface IdempotencyKeys {
  /// A request that claims its key.
  ///
  /// @param attempt a new id for each attempt to handle the request
  record KeyClaim(Fingerprint id, UUID attempt, Fingerprint contentHash, TokenId token) {}

  /// @param retention how long a key is kept
  /// @param lock how long an attempt without a committed transaction keeps the key
  record KeyTtl(Duration retention, Duration lock) {}

  /// A key that is already stored.
  ///
  /// @param committed whether a transaction of the request was committed
  /// @param response the encrypted response; absent while there is none
  record StoredKey(KeyClaim claim, boolean committed, Optional<String> response) {}

  /// Claims the key if it is unknown or expired, or if its lock has expired without a committed
  /// transaction. Of concurrent claims, only one succeeds.
  ///
  /// @return the stored key that prevents the claim; absent if the claim succeeded
  Optional<StoredKey> claim(KeyClaim claim, KeyTtl ttl);

  /// Marks the attempt as committed, as part of the transaction that it commits.
  ///
  /// @return false if another attempt has claimed the key in the meantime
  boolean markCommitted(Fingerprint id, UUID attempt);

  /// Stores the encrypted response of the attempt.
  void storeResponse(Fingerprint id, UUID attempt, String response);

  /// Releases the key of an attempt that is not committed. Does nothing otherwise.
  void release(Fingerprint id, UUID attempt);

  /// Deletes the keys that were claimed longer ago than `retention`.
  ///
  /// @return how many keys were deleted
  int deleteExpired(Duration retention);
}
