package dev.runhook.application.idempotency;

import static dev.runhook.testkit.Samples.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.application.idempotency.IdempotentRequests.Request;
import dev.runhook.application.idempotency.IdempotentRequests.Response;
import dev.runhook.application.idempotency.IdempotentRequests.Result;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.Refusal.IdempotencyKeyInUse;
import dev.runhook.application.refusal.Refusal.IdempotencyKeyReused;
import dev.runhook.application.refusal.Refusal.ResponseLost;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Fingerprint;
import dev.runhook.testkit.PostgresStore;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class IdempotentRequestsTest {
  @AutoClose private final PostgresStore store = new PostgresStore();
  @AutoClose private final PostgresStore other = new PostgresStore(store.clock);
  private final SettableClock clock = store.clock;
  private final IdempotentRequests requests =
      new IdempotentRequests(store, new SequentialIdGenerator(clock));

  @Test
  void a_repeated_request_returns_the_stored_response() {
    assertThat(execute("k", saveStack("first"))).isEqualTo(new Result("first", false));

    assertThat(execute("k", saveStack("second"))).isEqualTo(new Result("first", true));
    assertThat(stacks()).containsExactly("first");
  }

  @Test
  void a_key_expires_after_a_day() {
    execute("k", saveStack("first"));
    clock.advance(Duration.ofHours(24).minusMillis(1));
    assertThat(execute("k", saveStack("second")).replayed()).isTrue();
    clock.advance(Duration.ofMillis(1));

    assertThat(execute("k", saveStack("third")).replayed()).isFalse();
    assertThat(stacks()).containsExactly("first", "third");
  }

  @Test
  void expired_keys_are_deleted() {
    execute("k", saveStack("first"));

    assertThat(requests.deleteExpired()).isZero();
    clock.advance(Duration.ofHours(25));
    assertThat(requests.deleteExpired()).isOne();
  }

  @Test
  void a_concurrent_request_with_the_same_key_is_refused() {
    execute(
        "k",
        ignored -> {
          assertRefused(new IdempotencyKeyInUse(), () -> execute("k", saveStack("second")));
          return new Response("first", true);
        });

    assertThat(execute("k", saveStack("third"))).isEqualTo(new Result("first", true));
    assertThat(stacks()).isEmpty();
  }

  @Test
  void reusing_a_key_with_different_content_or_another_token_is_refused() {
    execute("k", saveStack("first"));

    assertRefused(
        new IdempotencyKeyReused(),
        () -> requests.execute(request("k", "other body", 1), saveStack("second")));
    assertRefused(
        new IdempotencyKeyReused(),
        () -> requests.execute(request("k", "body", 2), saveStack("second")));
    assertThat(stacks()).containsExactly("first");
  }

  @Test
  void a_request_without_a_cacheable_response_can_be_retried() {
    execute("k", ignored -> new Response("an error", false));

    assertThat(execute("k", saveStack("first"))).isEqualTo(new Result("first", false));
  }

  @Test
  void a_failure_before_any_commit_releases_the_key() {
    assertThatIllegalStateException()
        .isThrownBy(() -> execute("k", failing(new IllegalStateException())));

    assertThat(execute("k", saveStack("first")).replayed()).isFalse();
  }

  /// The process is killed between the commit and the storage of the response.
  @Test
  void a_committed_request_with_a_lost_response_is_not_repeated() {
    assertThatExceptionOfType(ProcessKilledError.class)
        .isThrownBy(() ->
            execute(
                "k",
                scope -> {
                  var ignored = saveStack("first").apply(scope);
                  throw new ProcessKilledError();
                }));

    assertRefused(new ResponseLost(), () -> execute("k", saveStack("second")));
    clock.advance(Duration.ofHours(1));
    assertRefused(new ResponseLost(), () -> execute("k", saveStack("third")));
    assertThat(stacks()).containsExactly("first");
  }

  @Test
  void a_rollback_does_not_mark_the_request_as_committed() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            execute(
                "k",
                scope -> {
                  scope
                      .bind(store)
                      .home()
                      .run(unit -> {
                        unit.stacks().save(stack("first"));
                        throw new IllegalStateException("thrown by the test");
                      });
                  return new Response("never", true);
                }));

    assertThat(execute("k", saveStack("second")).replayed()).isFalse();
    assertThat(stacks()).containsExactly("second");
  }

  /// The process was paused for so long that another one has taken over the request.
  @Test
  void a_request_that_lost_its_lock_cannot_commit() {
    assertThatExceptionOfType(StoreBusyException.class)
        .isThrownBy(() ->
            execute(
                "k",
                scope -> {
                  clock.advance(Duration.ofMinutes(2));
                  assertThat(execute("k", saveStack("second")).replayed()).isFalse();
                  return saveStack("first").apply(scope);
                }));

    assertThat(stacks()).containsExactly("second");
    assertThat(execute("k", saveStack("third"))).isEqualTo(new Result("second", true));
  }

  /// The process is killed after the commit in a bucket that has not claimed the key.
  @Test
  void a_request_that_was_committed_in_another_bucket_is_not_repeated() {
    BucketRouter buckets = new Buckets(2).router(List.of(store, other));
    IdempotentRequests routed = new IdempotentRequests(buckets, new SequentialIdGenerator(clock));
    Function<IdempotencyScope, Response> saveInOther =
        scope -> {
          scope.bind(buckets).all().getLast().run(unit -> unit.stacks().save(stack("first")));
          return new Response("first", true);
        };
    assertThatExceptionOfType(ProcessKilledError.class)
        .isThrownBy(() ->
            routed.execute(
                request("k", "body", 1),
                scope -> {
                  var ignored = saveInOther.apply(scope);
                  clock.advance(Duration.ofMinutes(2));
                  throw new ProcessKilledError();
                }));

    assertRefused(new ResponseLost(), () -> routed.execute(request("k", "body", 1), saveInOther));
    assertThat(routed.execute(request("another", "body", 1), saveInOther))
        .isEqualTo(new Result("first", false));
    assertThat(routed.execute(request("another", "body", 1), saveInOther))
        .isEqualTo(new Result("first", true));
    clock.advance(Duration.ofHours(25));
    assertThat(routed.deleteExpired()).isEqualTo(3);
  }

  @Test
  void a_stored_response_is_readable_only_with_the_same_token() {
    ResponseCipher responseCipher = new ResponseCipher("a-secret-token");

    assertThat(responseCipher.toString()).doesNotContain("secret-token");
    assertThat(execute("k", ignored -> new Response("zażółć 🚀", true)).content())
        .isEqualTo("zażółć 🚀");
    Request foreign =
        new Request(
            Optional.empty(),
            Fingerprint.of("k"),
            Fingerprint.of("body"),
            new TokenId(new UUID(0, 1)),
            responseCipher);
    assertRefused(new IdempotencyKeyReused(), () -> requests.execute(foreign, saveStack("second")));
  }

  private static final class ProcessKilledError extends Error {
    private static final long serialVersionUID = 1;
  }

  private Result execute(String key, Function<IdempotencyScope, Response> handler) {
    return requests.execute(request(key, "body", 1), handler);
  }

  private static Request request(String key, String body, int token) {
    return new Request(
        Optional.empty(),
        Fingerprint.of(key),
        Fingerprint.of(body),
        new TokenId(new UUID(0, token)),
        new ResponseCipher("secret" + token));
  }

  private Function<IdempotencyScope, Response> saveStack(String name) {
    return scope -> {
      scope.bind(store).home().run(unit -> unit.stacks().save(stack(name)));
      return new Response(name, true);
    };
  }

  private static Function<IdempotencyScope, Response> failing(RuntimeException failure) {
    return ignored -> {
      throw failure;
    };
  }

  private static void assertRefused(Refusal refusal, Runnable call) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(call::run)
        .satisfies(thrown -> assertThat(thrown.refusal()).isEqualTo(refusal));
  }

  private static Stack stack(String name) {
    return new Stack(
        new StackId(ACME, name), name, "", List.of(), Optional.empty(), Optional.empty());
  }

  private List<String> stacks() {
    return store.inTransaction(unit ->
        unit.stacks().list(ACME, new All(), PageRequest.first()).items().stream()
            .map(stack -> stack.id().slug())
            .toList());
  }
}
