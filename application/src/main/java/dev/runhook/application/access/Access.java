package dev.runhook.application.access;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.Bucket;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.TokenSecret;
import dev.runhook.domain.run.StackId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Authenticates tokens and authorizes requests. No other class makes these decisions. Thread-safe.
public final class Access {
  private final Map<TokenHash, Grant> fixed;
  private final TokenCache tokens;
  private final RequestLimits requestLimits;
  private final Set<TokenHash> usedFixed = ConcurrentHashMap.newKeySet();

  /// @param fixed grants that are not in the store, by the hash of their token, such as the
  ///   configured admin's
  /// @param ticker a monotonic clock in nanoseconds, such as `System::nanoTime`
  public Access(
      Bucket transactor, Map<TokenHash, Grant> fixed, AccessConfig config, LongSupplier ticker) {
    this.fixed = Map.copyOf(fixed);
    this.tokens = new TokenCache(transactor, config, ticker);
    this.requestLimits = new RequestLimits(config, ticker);
  }

  /// Returns the grant of a token and counts one request for it. A [RefusedException] is thrown if
  /// the token is not valid or has made too many requests.
  ///
  /// Tokens are cached for [AccessConfig#ttl], and for [AccessConfig#outageTtl] while the store is
  /// unavailable. A string without the format of a token is not looked up. Each origin may use only
  /// a few unknown tokens. After that, unknown ones are refused as too many requests. Stored tokens
  /// are not affected, and neither are fixed ones that this process has seen or that have the
  /// format of a generated token. Other fixed tokens must wait, because they may be easier to
  /// guess.
  ///
  /// @param origin where the request came from, such as its address
  public Grant authenticate(String token, String origin) {
    TokenHash hash = TokenHash.of(token);
    Optional<Grant> found = findFixed(hash);
    Grant grant =
        switch (TokenSecret.formatOf(token)) {
          case VALID -> found.orElseGet(() -> findStored(hash, origin));
          case MALFORMED -> fixed(found, hash, origin, new Refusal.TokenMalformed());
          case UNRECOGNIZED -> fixed(found, hash, origin, new Refusal.NotAuthenticated());
        };
    requestLimits.acquire(grant.token());
    return grant;
  }

  /// Authenticates a token by its hash, as [#authenticate] does, when its text is no longer
  /// available.
  public Grant authenticateByHash(TokenHash hash, String origin) {
    Grant grant = findFixed(hash).orElseGet(() -> findStored(hash, origin));
    requestLimits.acquire(grant.token());
    return grant;
  }

  /// Compares all fixed tokens in constant time: users may choose such a token, and the duration of
  /// the search must not reveal how close a guess is.
  private Optional<Grant> findFixed(TokenHash hash) {
    Optional<Grant> found = Optional.empty();
    for (Map.Entry<TokenHash, Grant> entry : fixed.entrySet()) {
      if (entry.getKey().equals(hash)) {
        found = Optional.of(entry.getValue());
      }
    }
    return found;
  }

  private Grant fixed(Optional<Grant> found, TokenHash hash, String origin, Refusal refusal) {
    if (!usedFixed.contains(hash)) {
      requestLimits.requireGuessPermit(origin);
    }
    Grant grant = found.orElseThrow(() -> requestLimits.guessed(origin, refusal));
    usedFixed.add(hash);
    return grant;
  }

  private Grant findStored(TokenHash hash, String origin) {
    return tokens
        .find(hash)
        .orElseGet(() -> {
          requestLimits.requireLookupPermit(hash.hex());
          return tokens
              .load(hash)
              .orElseThrow(() ->
                  requestLimits.unknownHash(hash.hex(), origin, new Refusal.NotAuthenticated()));
        });
  }

  /// Returns normally if the grant has the role, and throws a [RefusedException] otherwise.
  public void authorize(Grant grant, Role needed) {
    if (!grant.role().covers(needed)) {
      throw new RefusedException(new Refusal.InsufficientRole(needed));
    }
  }

  /// Returns the stack with this slug in the grant's account. A stack outside the grant's scope is
  /// reported as missing even if the role is not sufficient, so that callers cannot discover it.
  public StackId authorize(Grant grant, Role needed, String stack) {
    if (!grant.stackScope().includes(stack)) {
      throw new RefusedException(new Refusal.NoSuchStack(stack));
    }
    authorize(grant, needed);
    return new StackId(grant.account(), stack);
  }

  /// Counts runs and transitions that the account reports. A [RefusedException] is thrown if the
  /// account has reported too many. A large batch is admitted, and the next report waits for it.
  public void acquireTransitions(AccountId account, int count) {
    requestLimits.acquireTransitions(account, count);
  }

  /// Returns the request limit of the token; absent if there is none.
  public Optional<RateLimit> requestLimit(Grant grant) {
    return requestLimits.requestLimit(grant.token());
  }

  /// Removes a revoked token from the cache, so that it stops working in this process immediately.
  public void invalidate(TokenId token) {
    tokens.invalidate(token);
  }

  /// Confirms the cached tokens. Call it in half of [AccessConfig#ttl], so that no request has to
  /// wait for the store; otherwise, requests do it.
  public void confirmTokens() {
    tokens.confirm();
  }

  /// Saves when tokens were last used, and evicts idle ones. Call it once a minute.
  public void flush() {
    requestLimits.evictIdle();
    tokens.flushLastUsed();
  }
}
