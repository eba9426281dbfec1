package dev.runhook.persistence.schema;

import static dev.runhook.persistence.schema.FirstRelease.BARE;
import static dev.runhook.persistence.schema.FirstRelease.HEADED;
import static dev.runhook.persistence.schema.FirstRelease.OPEN;
import static dev.runhook.persistence.schema.FirstRelease.PLANNING;
import static dev.runhook.persistence.schema.FirstRelease.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.RequestSnapshot;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the first release left in its tables, `first_release.sql`, as this one finds it.
class UpgradeTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  private static final RequestSnapshot LEFT =
      new RequestSnapshot(
          1,
          "Runhook/2.0.0",
          new WebhookSigner(true).sign(HEADED.keys(), "m", Samples.NOON, new byte[] {1}));

  @BeforeEach
  void upgradeFromTheFirstRelease() {
    FirstRelease.begin(POSTGRES);

    new Schema(POSTGRES.pool()).migrate();
  }

  @Test
  void webhooks_keep_their_settings_headers_and_secrets() {
    assertThat(found(HEADED)).isEqualTo(HEADED);
    assertThat(found(BARE)).isEqualTo(BARE);
  }

  @Test
  void what_a_webhook_sent_is_known_after_it_was_edited() {
    deliverNext();
    WebhookSettings other = WebhookSettings.of(Samples.endpoint(3));
    Webhook edited =
        inUnit(unit -> {
          Webhook next =
              unit.webhooks()
                  .findForUpdate(Samples.DEMO, HEADED.id())
                  .orElseThrow()
                  .edited(other, Samples.NOON);
          assertThat(unit.webhooks().save(next)).isTrue();
          return next;
        });

    assertThat(edited.revision()).isEqualTo(2);
    assertThat(found(HEADED)).isEqualTo(edited);
    assertThat(detail(OPEN).revisions()).containsExactly(HEADED.currentRevision());
  }

  @Test
  void a_finished_delivery_is_found_with_an_attempt_that_left_no_imprint() {
    StoredDelivery found = detail(FirstRelease.FINISHED);

    assertThat(found.delivery()).isEqualTo(FirstRelease.finished());
    assertThat(found.webhook()).isEqualTo(HEADED);
    assertThat(found.payload()).isEqualTo(new StoredPayload.Present(Payload.of("{\"version\":1}")));
    assertThat(found.attempts()).containsExactly(FirstRelease.attempt());
    assertThat(found.revisions()).isEmpty();
  }

  @Test
  void deliveries_are_listed_be_they_open_or_finished() {
    DeliveryFilter all = DeliveryFilter.of(DeliveryScope.of(Samples.DEMO, HEADED.id()));

    assertThat(listed(all)).extracting(Delivery::id).containsExactly(OPEN, FirstRelease.FINISHED);
    assertThat(listed(all.status(Delivery.Status.DELIVERED)))
        .containsExactly(FirstRelease.finished());
  }

  @Test
  void an_open_delivery_is_sent_and_settled() {
    LeasedDelivery leasedDelivery = deliverNext();

    assertThat(leasedDelivery.lease().delivery()).isEqualTo(OPEN);
    assertThat(leasedDelivery.webhook()).isEqualTo(HEADED);
    assertThat(leasedDelivery.content().payload()).isEqualTo(Payload.of("{\"version\":2}"));
    assertThat(leasedDelivery.content().transition())
        .contains(new TransitionRef("run-1", RunState.PLANNING, 2, Optional.of(1L)));
    StoredDelivery found = detail(OPEN);
    assertThat(found.delivery().status()).isEqualTo(Delivery.Status.DELIVERED);
    assertThat(found.attempts())
        .extracting(Attempt::number, Attempt::request)
        .containsExactly(tuple(1, Optional.empty()), tuple(2, Optional.of(LEFT)));
    assertThat(found.delivery().nextAttemptAt()).isEmpty();
  }

  @Test
  void a_run_moves_on_behind_what_is_open() {
    Run before = inUnit(unit -> unit.runs().find(RUN)).orElseThrow();

    NewDelivery next = inUnit(unit -> StoreFixture.recordTransition(unit, HEADED, RUN));
    List<Transition> transitions = inUnit(unit -> unit.runs().transitions(RUN));

    assertThat(before).isEqualTo(FirstRelease.run());
    assertThat(transitions).hasSize(3).containsSequence(FirstRelease.transitions());
    assertThat(detail(next.id()).blockedBy()).map(Delivery::id).contains(OPEN);
    deliverNext();
    assertThat(deliverNext().content().transition().flatMap(TransitionRef::previousVersion))
        .contains(2L);
  }

  @Test
  void a_skip_is_still_explained() {
    List<SkippedDelivery> skips = inUnit(unit -> unit.events().findSkipped(PLANNING));

    assertThat(skips).containsExactly(FirstRelease.skip());
  }

  @Test
  void a_token_still_opens() {
    Optional<Token> found = inUnit(unit -> unit.tokens().findByHash(TokenHash.of("rhk_first")));

    assertThat(found).contains(FirstRelease.token());
  }

  @Test
  void migrating_again_writes_no_row() {
    List<String> rows = rows();

    new Schema(POSTGRES.pool()).migrate();

    assertThat(rows()).isEqualTo(rows).isNotEmpty();
  }

  private static <T> T inUnit(Function<UnitOfWork, T> work) {
    return new JdbiTransactor(POSTGRES.pool(), FirstRelease.CIPHER).inTransaction(work);
  }

  private static Webhook found(Webhook webhook) {
    return inUnit(unit -> unit.webhooks().find(Samples.DEMO, webhook.id())).orElseThrow();
  }

  private static StoredDelivery detail(DeliveryId id) {
    return inUnit(unit -> unit.deliveries().find(Samples.ACME, id)).orElseThrow();
  }

  private static List<Delivery> listed(DeliveryFilter filter) {
    return inUnit(unit -> unit.deliveries().list(filter, PageRequest.first())).items();
  }

  /// Takes the only delivery that is due, and keeps that it has arrived.
  private static LeasedDelivery deliverNext() {
    List<LeasedDelivery> parcels =
        inUnit(unit ->
            unit.deliveries().claimDue(new ClaimRequest(StoreFixture.HOUR, 9, 9, Map.of())));
    assertThat(parcels).hasSize(1);
    LeasedDelivery leasedDelivery = parcels.getFirst();
    Attempt attempt =
        new Attempt(
                leasedDelivery.lease().attempt(),
                Samples.NOON,
                Duration.ZERO,
                Outcome.Responded.of(204))
            .withRequest(LEFT);
    inUnit(unit -> {
      assertThat(unit.deliveries().tryLockLanes(StoreFixture.ids(parcels))).isEmpty();
      var completionResult =
          unit.deliveries()
              .complete(
                  List.of(
                      new CompletedAttempt(
                          leasedDelivery.lease(), attempt, new Disposition.Delivered())));
      return unit.deliveries().promoteNext(completionResult.unblockedLanes(), Optional.empty());
    });
    return leasedDelivery;
  }

  /// All rows with the transactions that wrote them.
  private static List<String> rows() {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    "select tablename from pg_tables where schemaname = 'runhook' order by tablename")
                .mapTo(String.class)
                .stream()
                .flatMap(table ->
                    handle
                        .createQuery(
                            "select concat_ws(' ', :table, xmin, t) from runhook."
                                + table
                                + " t order by 1")
                        .bind("table", table)
                        .mapTo(String.class)
                        .stream())
                .toList());
  }
}
