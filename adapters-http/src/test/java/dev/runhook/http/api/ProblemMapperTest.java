package dev.runhook.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.Refusal.DuplicateEndpoint;
import dev.runhook.application.refusal.Refusal.EndpointForbidden;
import dev.runhook.application.refusal.Refusal.EndpointMalformed;
import dev.runhook.application.refusal.Refusal.ExpiryInPast;
import dev.runhook.application.refusal.Refusal.IdempotencyKeyInUse;
import dev.runhook.application.refusal.Refusal.IdempotencyKeyReused;
import dev.runhook.application.refusal.Refusal.InsufficientRole;
import dev.runhook.application.refusal.Refusal.InvalidTemplate;
import dev.runhook.application.refusal.Refusal.NoSuchDelivery;
import dev.runhook.application.refusal.Refusal.NoSuchHeader;
import dev.runhook.application.refusal.Refusal.NoSuchReplay;
import dev.runhook.application.refusal.Refusal.NoSuchRun;
import dev.runhook.application.refusal.Refusal.NoSuchSession;
import dev.runhook.application.refusal.Refusal.NoSuchStack;
import dev.runhook.application.refusal.Refusal.NoSuchToken;
import dev.runhook.application.refusal.Refusal.NoSuchWebhook;
import dev.runhook.application.refusal.Refusal.NotAuthenticated;
import dev.runhook.application.refusal.Refusal.PayloadErased;
import dev.runhook.application.refusal.Refusal.ReplayTooLarge;
import dev.runhook.application.refusal.Refusal.ResponseLost;
import dev.runhook.application.refusal.Refusal.RunConflict;
import dev.runhook.application.refusal.Refusal.RunEnded;
import dev.runhook.application.refusal.Refusal.ScopeExceeded;
import dev.runhook.application.refusal.Refusal.SessionExpired;
import dev.runhook.application.refusal.Refusal.StaleTransition;
import dev.runhook.application.refusal.Refusal.TokenMalformed;
import dev.runhook.application.refusal.Refusal.TokenUnknown;
import dev.runhook.application.refusal.Refusal.TooManyRequests;
import dev.runhook.application.refusal.Refusal.TooManyWebhooks;
import dev.runhook.application.refusal.Refusal.WebhookDisabled;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.http.json.Problem;
import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ProblemMapperTest {
  private static final List<Refusal> REFUSALS =
      List.of(
          new NotAuthenticated(),
          new TokenMalformed(),
          new ScopeExceeded(),
          new NoSuchToken("t"),
          new ExpiryInPast(),
          new NoSuchSession("s"),
          new NoSuchReplay("r"),
          new TooManyRequests(Duration.ofSeconds(2)),
          new InsufficientRole(Role.ADMIN),
          new NoSuchStack("s"),
          new NoSuchRun("r"),
          new NoSuchWebhook("w"),
          new Refusal.NoSuchAccountWebhook("w"),
          new Refusal.WebhookIsCopy("w"),
          new Refusal.AllStacksRequired(),
          new NoSuchDelivery("d"),
          new RunConflict("r"),
          new DuplicateEndpoint(),
          new NoSuchHeader("X-A"),
          new EndpointMalformed("not a URL"),
          new InvalidTemplate("a tag is not closed"),
          new Refusal.TimeoutTooLong(Duration.ofSeconds(30)),
          new Refusal.RoutingKeyRequired(),
          new EndpointForbidden("loopback"),
          new WebhookDisabled("gone"),
          new TooManyWebhooks(20),
          new Refusal.AccountQuotaExceeded("stacks", 9),
          new Refusal.WebhookPaused(),
          new Refusal.DeliveryPending("d"),
          new Refusal.DeliveryFinished("d"),
          new Refusal.DeliveryInFlight("d"),
          new Refusal.PreconditionFailed(),
          new PayloadErased(),
          new ReplayTooLarge(100_000),
          new Refusal.ReplayLargerThanExpected(1, 2),
          new StaleTransition(1, 2, RunState.READY),
          new RunEnded("r", RunState.FAILED),
          new TokenUnknown(),
          new SessionExpired(),
          new Refusal.SignInLinkInvalid(),
          new IdempotencyKeyReused(),
          new IdempotencyKeyInUse(),
          new ResponseLost());

  private final TestServer server = new TestServer();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void every_refusal_has_its_own_problem_type_and_a_message() {
    assertThat(REFUSALS).hasSize(Refusal.class.getPermittedSubclasses().length);
    assertThat(
            REFUSALS.stream()
                .filter(refusal -> !sharesProblemType(refusal))
                .map(ProblemMapper::toProblem)
                .map(Problem::type))
        .doesNotHaveDuplicates();
    assertThat(REFUSALS)
        .allSatisfy(refusal -> {
          assertThat(ProblemMapper.toProblem(refusal).detail()).isNotBlank();
          assertThat(new RefusedException(refusal))
              .hasMessage(ProblemMapper.toProblem(refusal).detail());
          assertThat(ProblemMapper.toProblem(refusal).status()).isBetween(400, 499);
        });
  }

  /// All invalid tokens have the same problem type.
  private static boolean sharesProblemType(Refusal refusal) {
    return refusal instanceof TokenMalformed
        || refusal instanceof TokenUnknown
        || refusal instanceof SessionExpired;
  }

  @Test
  void an_unreachable_database_is_a_503_with_retry_after() {
    server.store.failure.set(
        new StoreUnavailableException(
            "jdbc:postgresql://secret-host", new IllegalStateException()));

    TestResponse response =
        server.put("/stacks/demo", "{\"name\":\"x\"}").isProblem(503, "store-unavailable");

    assertThat(response.header("Retry-After")).isEqualTo("5");
    assertThat(response.text()).doesNotContain("secret-host");
  }

  @Test
  void a_bug_reveals_only_the_id_under_which_it_is_logged() {
    server.store.failure.set(new IllegalStateException("inner secret"));
    Logger logger = (Logger) LoggerFactory.getLogger(ProblemMapper.class);
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    logger.addAppender(events);

    TestResponse response = server.get("/stacks/demo").isProblem(500, "internal-error");

    logger.detachAppender(events);
    assertThat(response.text()).doesNotContain("inner secret", "IllegalState", "\tat ");
    assertThat(events.list).hasSize(1);
    String id = String.valueOf(events.list.getFirst().getKeyValuePairs().getFirst().value);
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(response.textAt("/detail")).endsWith(id);
    assertThat(events.list.getFirst().getKeyValuePairs().toString())
        .contains("GET", "/api/v1/stacks/{stack}");
  }
}
