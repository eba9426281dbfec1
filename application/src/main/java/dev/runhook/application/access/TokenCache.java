package dev.runhook.application.access;

import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The tokens in use here, as the store had them a moment ago, so that it is not asked for each
/// request. Only what was found is kept: a token that is nobody's cannot fill it. Thread-safe.
///
/// What is known counts for a while. Towards the end of it one request looks the token up again
/// while the others go on, and after the end all wait for that; so many requests with one token are
/// one look-up.
final class TokenCache {
  private static final int MOST = 10_000;
  private static final Duration IDLE = Duration.ofMinutes(10);

  private final Transactor transactor;
  private final AccessConfig rules;
  private final LongSupplier ticker;
  private final ConcurrentHashMap<TokenHash, CachedToken> byHash = new ConcurrentHashMap<>();
  private final AtomicLong revocations = new AtomicLong();

  TokenCache(Transactor transactor, AccessConfig rules, LongSupplier ticker) {
    this.transactor = transactor;
    this.rules = rules;
    this.ticker = ticker;
  }

  /// The grant of a token that was seen here before; absent where it was not, or has been revoked.
  Optional<Grant> find(TokenHash hash) {
    return Optional.ofNullable(byHash.get(hash)).flatMap(cachedToken -> current(hash, cachedToken));
  }

  /// Asks the store for a token that was not seen here before, and remembers it.
  Optional<Grant> load(TokenHash hash) {
    long revocationsBefore = revocations.get();
    long now = ticker.getAsLong();
    Optional<Grant> grant = read(hash);
    if (grant.isPresent() && byHash.size() < MOST) {
      CachedToken cachedToken = CachedToken.loaded(grant.get(), now);
      byHash.put(hash, cachedToken);
      if (revocations.get() != revocationsBefore) {
        byHash.remove(hash, cachedToken); // it may be what was read before and is revoked by now
      }
    }
    return grant;
  }

  void invalidate(TokenId id) {
    revocations.incrementAndGet();
    byHash.values().removeIf(cachedToken -> cachedToken.grant().token().equals(id));
  }

  /// Keeps in the store what was used since the last time, in one go.
  void flushLastUsed() {
    long now = ticker.getAsLong();
    List<CachedToken> used = byHash.values().stream().filter(CachedToken::hasUnsavedUse).toList();
    if (!used.isEmpty()) {
      Map<CachedToken, Long> uses = new HashMap<>();
      used.forEach(cachedToken -> uses.put(cachedToken, cachedToken.lastUsedAt().get()));
      transactor.run(unit -> unit.tokens().saveLastUsed(instants(uses, unit.now(), now)));
      uses.forEach((known, use) -> known.lastSavedUse().set(use));
    }
    byHash.values().removeIf(known -> now - known.lastUsedAt().get() > IDLE.toNanos());
  }

  private static Map<TokenId, Instant> instants(
      Map<CachedToken, Long> uses, Instant then, long now) {
    Map<TokenId, Instant> instants = new HashMap<>();
    uses.forEach((cachedToken, use) ->
        instants.put(cachedToken.grant().token(), then.minusNanos(Math.max(0, now - use))));
    return instants;
  }

  private Optional<Grant> current(TokenHash hash, CachedToken cachedToken) {
    long now = ticker.getAsLong();
    cachedToken.lastUsedAt().set(now);
    long age = now - cachedToken.loadedAt().get();
    if (age < rules.refreshAfter().toNanos()) {
      return Optional.of(cachedToken.grant());
    }
    if (age < rules.ttl().toNanos()) {
      return cachedToken.refreshLock().tryLock()
          ? renewed(hash, cachedToken)
          : Optional.of(cachedToken.grant());
    }
    cachedToken.refreshLock().lock();
    return renewed(hash, cachedToken);
  }

  /// Called with the lock of what is known, which it gives back.
  private Optional<Grant> renewed(TokenHash hash, CachedToken cachedToken) {
    try {
      long now = ticker.getAsLong();
      if (now - cachedToken.loadedAt().get() < rules.refreshAfter().toNanos()
          && cachedToken.equals(byHash.get(hash))) {
        return Optional.of(cachedToken.grant());
      }
      Optional<Grant> grant = read(hash);
      if (grant.isPresent()) {
        cachedToken.loadedAt().set(now);
      } else {
        byHash.remove(hash);
      }
      return grant;
    } finally {
      cachedToken.refreshLock().unlock();
    }
  }

  private Optional<Grant> read(TokenHash hash) {
    return transactor
        .<Optional<Token>>inTransaction(unit -> unit.tokens().findByHash(hash))
        .filter(token -> !token.isRevoked())
        .map(Token::grant);
  }
}
