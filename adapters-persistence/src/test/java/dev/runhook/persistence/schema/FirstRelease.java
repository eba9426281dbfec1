package dev.runhook.persistence.schema;

import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.history.JdbiHistoryPartitions;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/// A database as the first release left it: tables of `V1`, and in them the rows of
/// `first_release.sql`, which are told here as they are to be read.
final class FirstRelease {
  static final SecretCipher CIPHER =
      SecretCipher.using(Optional.of(EncryptionKey.parse("0a".repeat(32))), List.of());
  static final RunId RUN = new RunId(Samples.DEMO, "run-1");
  static final EventId QUEUED = new EventId(id(0xe1));
  static final EventId PLANNING = new EventId(id(0xe2));
  static final DeliveryId FINISHED = new DeliveryId(id(0xd1));
  static final DeliveryId OPEN = new DeliveryId(id(0xd2));

  static final Webhook HEADED =
      webhook(
          id(0xa),
          new WebhookSettings(
              Samples.endpoint(1),
              "Deploys",
              Subscription.all(),
              new CustomHeaders(
                  List.of(new Header("X-Api-Key", "Bearer one"), new Header("X-Empty", ""))),
              new DeliverySettings(
                  Optional.of(Duration.ofSeconds(5)),
                  Optional.of(List.of(Duration.ofSeconds(1), Duration.ofMinutes(1))))),
          1);
  static final Webhook BARE =
      webhook(
          id(0xb),
          new WebhookSettings(
              Samples.endpoint(2),
              "",
              new Subscription(
                  Set.of(RunState.FINISHED), Set.of(RunType.TRACKED), Optional.of(false)),
              CustomHeaders.none(),
              DeliverySettings.defaults()),
          0);

  private FirstRelease() {}

  /// Drops what was there before.
  static void begin(Postgres postgres) {
    postgres
        .jdbi()
        .useHandle(handle ->
            handle.execute("drop schema if exists runhook cascade; create schema runhook"));
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(postgres.pool())
        .schemas(Schema.NAME)
        .createSchemas(false)
        .locations("classpath:dev/runhook/persistence/migration")
        .target("1")
        .load()
        .migrate();
    new JdbiHistoryPartitions(postgres.pool(), _ -> Samples.NOON).prepareAhead(0);
    String rows =
        ClasspathSqlLocator.create().getResource("dev/runhook/persistence/first_release.sql");
    postgres.jdbi().useHandle(handle -> handle.execute(rows));
  }

  static Run run() {
    return new Run(
        RUN,
        Samples.runDetails(),
        Samples.NOON,
        new RunProgress(RunState.PLANNING, 2),
        Optional.of(Samples.delta()));
  }

  static List<Transition> transitions() {
    return List.of(
        Samples.transition(RUN, RunState.QUEUED, 1),
        new Transition(
            RUN,
            RunState.PLANNING,
            2,
            Samples.NOON,
            false,
            Optional.of(Samples.delta()),
            Optional.of("by hand")));
  }

  static SkippedDelivery skip() {
    return new SkippedDelivery(
        PLANNING, BARE.id(), RoutingDecision.Reason.STATE_NOT_WANTED, "wants FINISHED only");
  }

  static Token token() {
    Grant grant =
        new Grant(new TokenId(id(7)), Samples.ACME, Role.WRITER, new Only(Set.of("demo")), "ci");
    return Token.created(grant, Samples.NOON, "ops");
  }

  /// The only one of the finished delivery.
  static Attempt attempt() {
    ReceiverResponse receiverResponse =
        new ReceiverResponse(
            200, List.of(new Header("content-type", "text/plain")), "thanks", false);
    return new Attempt(
        1,
        Samples.NOON,
        Duration.ofMillis(5),
        new Outcome.Responded(receiverResponse, Optional.empty()));
  }

  static Delivery finished() {
    return new Delivery(
        FINISHED,
        Samples.DEMO,
        HEADED.id(),
        QUEUED,
        Event.Kind.RUN_STATE_CHANGED,
        Optional.of(new TransitionRef("run-1", RunState.QUEUED, 1)),
        Delivery.Status.DELIVERED,
        1,
        Optional.empty(),
        Optional.of(Samples.NOON),
        Optional.empty());
  }

  private static Webhook webhook(UUID id, WebhookSettings settings, int failures) {
    return new Webhook(
        new WebhookId(id),
        Samples.DEMO,
        settings,
        1,
        SigningKeys.of(Samples.secret()),
        new Health.Active(failures),
        Samples.NOON,
        Samples.NOON);
  }

  private static UUID id(int number) {
    return new UUID(0x019cec37_b600_7000L, (1L << 63) + number);
  }
}
