package dev.runhook.application.access;

import dev.runhook.application.spi.Bucket;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The tokens in use by this process, so that the store is not read for each request. Only valid
/// tokens are cached, so invalid ones cannot fill the cache. Thread-safe.
///
/// A cached token is valid for [AccessConfig#ttl]. After [AccessConfig#refreshAfter], one request
/// loads the token again while the others continue. After the ttl, all requests wait for that one
/// load.
final class TokenCache {
  private static final int MAX_TOKENS = 10_000;
  private static final Duration MAX_IDLE = Duration.ofMinutes(10);

  private final Bucket transactor;
  private final AccessConfig config;
  private final LongSupplier ticker;
  private final ConcurrentHashMap<TokenHash, CachedToken> byHash = new ConcurrentHashMap<>();
  private final AtomicLong revocations = new AtomicLong();

  /// A cached token. Times are ticks. If several threads write a time, the last one wins.
  ///
  /// @param refreshLock held while the token is loaded again
  /// @param lastSavedUse the last use that was saved in the store
  private record CachedToken(
      Grant grant,
      ReentrantLock refreshLock,
      AtomicLong loadedAt,
      AtomicLong lastUsedAt,
      AtomicLong lastSavedUse) {
    CachedToken(Grant grant, long at) {
      this(
          grant,
          new ReentrantLock(),
          new AtomicLong(at),
          new AtomicLong(at),
          new AtomicLong(at - 1)); // this use has not been saved yet
    }
  }

  TokenCache(Bucket transactor, AccessConfig config, LongSupplier ticker) {
    this.transactor = transactor;
    this.config = config;
    this.ticker = ticker;
  }

  /// Returns the grant of a cached token. It is absent if the token is not cached or was revoked.
  Optional<Grant> find(TokenHash hash) {
    return Optional.ofNullable(byHash.get(hash)).flatMap(token -> current(hash, token));
  }

  /// Loads a token from the store and caches it.
  Optional<Grant> load(TokenHash hash) {
    long revocationsBefore = revocations.get();
    long now = ticker.getAsLong();
    Optional<Grant> grant = read(hash);
    if (grant.isPresent() && byHash.size() < MAX_TOKENS) {
      CachedToken token = new CachedToken(grant.get(), now);
      byHash.put(hash, token);
      if (revocations.get() != revocationsBefore) {
        byHash.remove(hash, token); // the token may have been revoked after it was read
      }
    }
    return grant;
  }

  void invalidate(TokenId id) {
    revocations.incrementAndGet();
    byHash.values().removeIf(token -> token.grant().token().equals(id));
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

  private Optional<Grant> current(TokenHash hash, CachedToken token) {
    long now = ticker.getAsLong();
    token.lastUsedAt().set(now);
    long age = now - token.loadedAt().get();
    if (age < config.refreshAfter().toNanos()) {
      return Optional.of(token.grant());
    }
    if (age < config.ttl().toNanos()) {
      return token.refreshLock().tryLock() ? refresh(hash, token) : Optional.of(token.grant());
    }
    token.refreshLock().lock();
    return refresh(hash, token);
  }

  /// Loads the token again. The caller holds the token's refresh lock, which this method releases.
  private Optional<Grant> refresh(TokenHash hash, CachedToken token) {
    try {
      long now = ticker.getAsLong();
      if (now - token.loadedAt().get() < config.refreshAfter().toNanos()
          && token.equals(byHash.get(hash))) {
        return Optional.of(token.grant());
      }
      Optional<Grant> grant = read(hash);
      if (grant.isPresent()) {
        token.loadedAt().set(now);
      } else {
        byHash.remove(hash);
      }
      return grant;
    } finally {
      token.refreshLock().unlock();
    }
  }

  private Optional<Grant> read(TokenHash hash) {
    return transactor
        .<Optional<Token>>inTransaction(unit -> {
          Instant now = unit.now();
          return unit.tokens().findByHash(hash).filter(token -> token.isValid(now));
        })
        .map(Token::grant);
  }
}
