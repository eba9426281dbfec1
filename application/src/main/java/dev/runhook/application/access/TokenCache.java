package dev.runhook.application.access;

import dev.runhook.application.batch.Pause;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The tokens in use by this process, so that the store is not read for each request. Only valid
/// tokens are cached, so invalid ones cannot fill the cache. Thread-safe.
///
/// A cached token is valid for [AccessConfig#ttl] after the store has confirmed it, and for
/// [AccessConfig#outageTtl] while the store does not answer. All tokens are confirmed together: by
/// a timer, or else by the first request that uses one after its ttl.
final class TokenCache {
  private static final int MAX_TOKENS = 10_000;

  /// A token that is used once a day still works while the store is unavailable.
  private static final Duration MAX_IDLE = Duration.ofHours(25);

  /// How long the store may take to answer before it counts as unavailable.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

  private final Bucket transactor;
  private final AccessConfig config;
  private final LongSupplier ticker;
  private final ConcurrentHashMap<TokenHash, CachedToken> byHash = new ConcurrentHashMap<>();
  private final AtomicLong revocations = new AtomicLong();
  private final ReentrantLock confirming = new ReentrantLock();

  private volatile long confirmationBegan;
  private volatile boolean isConfirming;
  private volatile boolean hasFailed;

  /// A cached token. Times are ticks. If several threads write a time, the last one wins.
  ///
  /// @param lastSavedUse the last use that was saved in the store
  private record CachedToken(Confirmed confirmed, AtomicLong lastUsedAt, AtomicLong lastSavedUse) {
    /// A token whose first use has not been saved yet.
    static CachedToken of(Confirmed confirmed) {
      long at = confirmed.at();
      return new CachedToken(confirmed, new AtomicLong(at), new AtomicLong(at - 1));
    }

    CachedToken with(Confirmed newer) {
      return new CachedToken(newer, lastUsedAt, lastSavedUse);
    }

    Grant grant() {
      return confirmed.grant();
    }
  }

  /// What the store has said about a valid token.
  ///
  /// @param at a tick before it was read, but after the store was reached
  /// @param lifetime how long the token works from then on, in nanoseconds
  private record Confirmed(Grant grant, long at, long lifetime) {
    static Confirmed of(Token token, long at, Instant now) {
      // a longer rest does not matter until the next confirmation
      Optional<Duration> rest = token.expiresAt().map(expiry -> Duration.between(now, expiry));
      return new Confirmed(
          token.grant(),
          at,
          rest.filter(time -> time.toDays() < 1).map(Duration::toNanos).orElse(Long.MAX_VALUE));
    }
  }

  TokenCache(Bucket transactor, AccessConfig config, LongSupplier ticker) {
    this.transactor = transactor;
    this.config = config;
    this.ticker = ticker;
  }

  /// Returns the grant of a cached token; empty if the token is not cached or is no longer valid.
  Optional<Grant> find(TokenHash hash) {
    CachedToken token = byHash.get(hash);
    if (token == null) {
      return Optional.empty();
    }
    token.lastUsedAt().set(ticker.getAsLong());
    if (!isCurrent(token)) {
      confirmUnlessCurrent(hash);
    }
    return Optional.ofNullable(byHash.get(hash)).filter(this::isCurrent).map(CachedToken::grant);
  }

  private void confirmUnlessCurrent(TokenHash hash) {
    if (!awaitTurn()) {
      return;
    }
    try {
      CachedToken token = byHash.get(hash);
      if (token != null && !isCurrent(token)) {
        confirmAll();
      }
    } finally {
      confirming.unlock();
    }
  }

  /// Acquires the lock, but does not wait for long: if another thread does not get an answer, the
  /// store is unavailable.
  private boolean awaitTurn() {
    for (long polls = PATIENCE.dividedBy(POLL_INTERVAL); polls > 0; polls--) {
      if (confirming.tryLock()) {
        return true;
      }
      Pause.pause(POLL_INTERVAL);
    }
    return false;
  }

  private boolean isCurrent(CachedToken token) {
    long now = ticker.getAsLong();
    Duration ttl = isStoreUnavailable(now) ? config.outageTtl() : config.ttl();
    Confirmed confirmed = token.confirmed();
    return now - confirmed.at() < Math.min(ttl.toNanos(), confirmed.lifetime());
  }

  /// Whether the store has not answered the last confirmation. After some time without another one,
  /// a request must try again.
  private boolean isStoreUnavailable(long now) {
    long elapsed = now - confirmationBegan;
    return (hasFailed || (isConfirming && elapsed > PATIENCE.toNanos()))
        && elapsed < config.ttl().multipliedBy(2).toNanos();
  }

  /// Loads a token from the store and caches it.
  Optional<Grant> load(TokenHash hash) {
    long revocationsBefore = revocations.get();
    Optional<Confirmed> confirmed = Optional.ofNullable(read(Set.of(hash)).get(hash));
    if (confirmed.isPresent() && byHash.size() < MAX_TOKENS) {
      CachedToken token = CachedToken.of(confirmed.get());
      byHash.put(hash, token);
      if (revocations.get() != revocationsBefore) {
        byHash.remove(hash, token); // the token may have been revoked after it was read
      }
    }
    return confirmed.map(Confirmed::grant);
  }

  void invalidate(TokenId id) {
    revocations.incrementAndGet();
    byHash.values().removeIf(token -> token.grant().token().equals(id));
  }

  /// Reads all cached tokens again in one transaction, and removes those that are not valid any
  /// more. If the store is unavailable, they stay as they are.
  void confirm() {
    confirming.lock();
    try {
      confirmAll();
    } finally {
      confirming.unlock();
    }
  }

  private void confirmAll() {
    Map<TokenHash, CachedToken> before = Map.copyOf(byHash);
    if (before.isEmpty()) {
      return;
    }
    confirmationBegan = ticker.getAsLong();
    isConfirming = true;
    try {
      Map<TokenHash, Confirmed> confirmed = read(before.keySet());
      before.forEach((hash, token) -> {
        Confirmed found = confirmed.get(hash);
        if (found == null) {
          byHash.remove(hash);
        } else {
          byHash.replace(hash, token, token.with(found));
        }
      });
      hasFailed = false;
    } catch (StoreUnavailableException ignored) {
      hasFailed = true;
    } finally {
      isConfirming = false;
    }
  }

  /// Saves all uses since the last flush in one transaction, and evicts idle tokens.
  void flushLastUsed() {
    long now = ticker.getAsLong();
    Map<CachedToken, Long> uses = new HashMap<>();
    for (CachedToken token : byHash.values()) {
      long lastUse = token.lastUsedAt().get();
      if (lastUse != token.lastSavedUse().get()) {
        uses.put(token, lastUse);
      }
    }
    if (!uses.isEmpty()) {
      transactor.run(unit -> unit.tokens().saveLastUsed(usedAt(uses, unit.now(), now)));
      uses.forEach((token, use) -> token.lastSavedUse().set(use));
    }
    byHash.values().removeIf(token -> now - token.lastUsedAt().get() > MAX_IDLE.toNanos());
  }

  private static Map<TokenId, Instant> usedAt(
      Map<CachedToken, Long> uses, Instant storeTime, long now) {
    Map<TokenId, Instant> usedAt = new HashMap<>();
    uses.forEach((token, use) ->
        usedAt.put(token.grant().token(), storeTime.minusNanos(Math.max(0, now - use))));
    return usedAt;
  }

  /// Returns those of the tokens that are valid now.
  private Map<TokenHash, Confirmed> read(Set<TokenHash> hashes) {
    return transactor.inTransaction(unit -> read(unit, hashes));
  }

  private Map<TokenHash, Confirmed> read(UnitOfWork unit, Set<TokenHash> hashes) {
    long at = ticker.getAsLong();
    Instant now = unit.now();
    Map<TokenHash, Confirmed> valid = new HashMap<>();
    unit.tokens()
        .findByHash(hashes)
        .forEach((hash, token) -> {
          if (token.isValid(now)) {
            valid.put(hash, Confirmed.of(token, at, now));
          }
        });
    return valid;
  }
}
