package dev.runhook.persistence;

import static dev.runhook.persistence.FirstRelease.BARE;
import static dev.runhook.persistence.FirstRelease.HEADED;
import static dev.runhook.persistence.FirstRelease.OPEN;
import static dev.runhook.persistence.FirstRelease.PLANNING;
import static dev.runhook.persistence.FirstRelease.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settlement;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenHash;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Move;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Imprint;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
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

  private static final Imprint LEFT =
      new Imprint(
          1,
          "Runhook/2.0.0",
          new Signatures(true).make(HEADED.keys(), "m", Samples.NOON, new byte[] {1}));

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
    assertThat(detail(OPEN).revisions()).containsExactly(HEADED.sending());
  }

  @Test
  void a_finished_delivery_is_found_with_an_attempt_that_left_no_imprint() {
    DeliveryDetail found = detail(FirstRelease.FINISHED);

    assertThat(found.delivery()).isEqualTo(FirstRelease.finished());
    assertThat(found.webhook()).isEqualTo(HEADED);
    assertThat(found.body()).isEqualTo(new Body.Kept(Payload.of("{\"version\":1}")));
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
    Parcel parcel = deliverNext();

    assertThat(parcel.lease().delivery()).isEqualTo(OPEN);
    assertThat(parcel.webhook()).isEqualTo(HEADED);
    assertThat(parcel.letter().payload()).isEqualTo(Payload.of("{\"version\":2}"));
    assertThat(parcel.letter().move())
        .contains(new Move("run-1", RunState.PLANNING, 2, Optional.of(1L)));
    DeliveryDetail found = detail(OPEN);
    assertThat(found.delivery().status()).isEqualTo(Delivery.Status.DELIVERED);
    assertThat(found.attempts())
        .extracting(Attempt::number, Attempt::imprint)
        .containsExactly(tuple(1, Optional.empty()), tuple(2, Optional.of(LEFT)));
    assertThat(found.delivery().nextAttemptAt()).isEmpty();
  }

  @Test
  void a_run_moves_on_behind_what_is_open() {
    Run before = inUnit(unit -> unit.runs().find(RUN)).orElseThrow();

    NewDelivery next = inUnit(unit -> Stage.move(unit, HEADED, RUN));
    List<Transition> transitions = inUnit(unit -> unit.runs().transitions(RUN));

    assertThat(before).isEqualTo(FirstRelease.run());
    assertThat(transitions).hasSize(3).containsSequence(FirstRelease.transitions());
    assertThat(detail(next.id()).waitsFor()).map(Delivery::id).contains(OPEN);
    deliverNext();
    assertThat(deliverNext().letter().move().flatMap(Move::previous)).contains(2L);
  }

  @Test
  void a_skip_is_still_explained() {
    List<SkippedDelivery> skips = inUnit(unit -> unit.events().skips(PLANNING));

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

  private static DeliveryDetail detail(DeliveryId id) {
    return inUnit(unit -> unit.deliveries().find(Samples.ACME, id)).orElseThrow();
  }

  private static List<Delivery> listed(DeliveryFilter filter) {
    return inUnit(unit -> unit.deliveries().list(filter, PageRequest.first())).items();
  }

  /// Takes the only delivery that is due, and keeps that it has arrived.
  private static Parcel deliverNext() {
    List<Parcel> parcels =
        inUnit(unit -> unit.deliveries().claimDue(new Claim(Stage.HOUR, 9, 9, Map.of())));
    assertThat(parcels).hasSize(1);
    Parcel parcel = parcels.getFirst();
    Attempt attempt =
        new Attempt(parcel.lease().attempt(), Samples.NOON, Duration.ZERO, Outcome.Answered.of(204))
            .leaving(LEFT);
    inUnit(unit -> {
      assertThat(unit.deliveries().lockLanes(Stage.ids(parcels))).isEmpty();
      var settled =
          unit.deliveries()
              .settle(List.of(new Settlement(parcel.lease(), attempt, new Fate.Delivered())));
      return unit.deliveries().freeNext(settled.freed(), Optional.empty());
    });
    return parcel;
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
