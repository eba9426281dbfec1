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
final class KnownTokens {
  private static final int MOST = 10_000;
  private static final Duration IDLE = Duration.ofMinutes(10);

  private final Transactor transactor;
  private final AccessRules rules;
  private final LongSupplier ticker;
  private final ConcurrentHashMap<TokenHash, Known> byHash = new ConcurrentHashMap<>();
  private final AtomicLong revocations = new AtomicLong();

  KnownTokens(Transactor transactor, AccessRules rules, LongSupplier ticker) {
    this.transactor = transactor;
    this.rules = rules;
    this.ticker = ticker;
  }

  /// The grant of a token that was seen here before; absent where it was not, or has been revoked.
  Optional<Grant> find(TokenHash hash) {
    return Optional.ofNullable(byHash.get(hash)).flatMap(known -> current(hash, known));
  }

  /// Asks the store for a token that was not seen here before, and remembers it.
  Optional<Grant> lookUp(TokenHash hash) {
    long revocationsBefore = revocations.get();
    long now = ticker.getAsLong();
    Optional<Grant> grant = read(hash);
    if (grant.isPresent() && byHash.size() < MOST) {
      Known known = Known.readAndUsed(grant.get(), now);
      byHash.put(hash, known);
      if (revocations.get() != revocationsBefore) {
        byHash.remove(hash, known); // it may be what was read before and is revoked by now
      }
    }
    return grant;
  }

  void forget(TokenId id) {
    revocations.incrementAndGet();
    byHash.values().removeIf(known -> known.grant().token().equals(id));
  }

  /// Keeps in the store what was used since the last time, in one go.
  void keepUses() {
    long now = ticker.getAsLong();
    List<Known> used = byHash.values().stream().filter(Known::isUsedSinceKept).toList();
    if (!used.isEmpty()) {
      Map<Known, Long> uses = new HashMap<>();
      used.forEach(known -> uses.put(known, known.usedAt().get()));
      transactor.run(unit -> unit.tokens().keepUses(instants(uses, unit.now(), now)));
      uses.forEach((known, use) -> known.keptUse().set(use));
    }
    byHash.values().removeIf(known -> now - known.usedAt().get() > IDLE.toNanos());
  }

  private static Map<TokenId, Instant> instants(Map<Known, Long> uses, Instant then, long now) {
    Map<TokenId, Instant> instants = new HashMap<>();
    uses.forEach((known, use) ->
        instants.put(known.grant().token(), then.minusNanos(Math.max(0, now - use))));
    return instants;
  }

  private Optional<Grant> current(TokenHash hash, Known known) {
    long now = ticker.getAsLong();
    known.usedAt().set(now);
    long age = now - known.readAt().get();
    if (age < rules.renewAfter().toNanos()) {
      return Optional.of(known.grant());
    }
    if (age < rules.life().toNanos()) {
      return known.renewing().tryLock() ? renewed(hash, known) : Optional.of(known.grant());
    }
    known.renewing().lock();
    return renewed(hash, known);
  }

  /// Called with the lock of what is known, which it gives back.
  private Optional<Grant> renewed(TokenHash hash, Known known) {
    try {
      long now = ticker.getAsLong();
      if (now - known.readAt().get() < rules.renewAfter().toNanos()
          && known.equals(byHash.get(hash))) {
        return Optional.of(known.grant());
      }
      Optional<Grant> grant = read(hash);
      if (grant.isPresent()) {
        known.readAt().set(now);
      } else {
        byHash.remove(hash);
      }
      return grant;
    } finally {
      known.renewing().unlock();
    }
  }

  private Optional<Grant> read(TokenHash hash) {
    return transactor
        .<Optional<Token>>inTransaction(unit -> unit.tokens().findByHash(hash))
        .filter(token -> !token.isRevoked())
        .map(Token::grant);
  }
}
