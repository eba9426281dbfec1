package dev.runhook.receiver;

import static dev.runhook.receiver.DeliveryResult.ACCEPTED;
import static dev.runhook.receiver.DeliveryResult.DUPLICATE;
import static dev.runhook.receiver.DeliveryResult.HELD;
import static dev.runhook.receiver.DeliveryResult.SIGNATURE_MISMATCH;
import static dev.runhook.receiver.DeliveryResult.STALE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an inbox guarantees on every database. The subclasses provide them.
abstract class JdbcInboxTest {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);
  private static final String COLUMNS = "event_id varchar(255), run varchar(128), version bigint";

  private final DataSource database;
  private final DeliveryReceiver receiver =
      DeliveryReceiver.withSecret(SignedDelivery.SECRET).withClock(() -> SignedDelivery.SENT_AT);
  private final JdbcInbox inbox;
  final JdbcInbox ordered;
  private Instant now = SignedDelivery.SENT_AT;

  JdbcInboxTest(DataSource database, InboxDialect dialect) {
    this.database = database;
    this.inbox = JdbcInbox.of(receiver, dialect).withClock(() -> now);
    this.ordered = inbox.withOrder(A_MINUTE);
  }

  /// The definition of a column that numbers the rows.
  abstract String numberColumn();

  @BeforeEach
  void createTables() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      inbox.createTables(connection);
      statement.execute(
          "create table if not exists effect (seq " + numberColumn() + ", " + COLUMNS + ")");
      for (String table :
          List.of("webhook_inbox_event", "webhook_inbox_run", "webhook_inbox_held", "effect")) {
        statement.execute("delete from " + table);
      }
    }
  }

  @Test
  void an_event_has_one_effect_however_often_it_is_delivered() throws Exception {
    SignedDelivery delivery = SignedDelivery.of("run-1", 1, 0);

    assertThat(receive(inbox, delivery)).isEqualTo(ACCEPTED);
    assertThat(receive(inbox, delivery)).isEqualTo(DUPLICATE);
    assertThat(receive(ordered, delivery)).isEqualTo(DUPLICATE);

    assertThat(effects()).containsExactly("run-1 v1");
  }

  @Test
  void the_handler_gets_the_id_the_body_and_the_run() throws Exception {
    SignedDelivery delivery = SignedDelivery.of("run-1", 12, 0);
    List<InboxEvent> events = new ArrayList<>();

    inTransaction(connection -> receive(inbox, connection, delivery, events::add));

    assertThat(events).hasSize(1);
    assertThat(events.get(0).id()).isEqualTo(delivery.id());
    assertThat(events.get(0).body()).isEqualTo(delivery.bytes());
    assertThat(events.get(0).text()).isEqualTo(delivery.body());
    assertThat(events.get(0).runVersion()).contains(new RunVersion("acme", "demo", "run-1", 12));
  }

  @Test
  void events_without_a_version_have_one_effect_and_no_order() throws Exception {
    SignedDelivery ping = SignedDelivery.of("ping", "{\"event\":\"ping\"}", 0);

    assertThat(receive(inbox, ping)).isEqualTo(ACCEPTED);
    assertThat(receive(ordered, ping)).isEqualTo(DUPLICATE);
    assertThat(receive(ordered, SignedDelivery.of("text", "no JSON", 0))).isEqualTo(ACCEPTED);

    assertThat(effects()).containsExactly("null v0", "null v0");
  }

  @Test
  void an_older_event_is_stale_and_reaches_the_handler_once_as_such() throws Exception {
    SignedDelivery older = SignedDelivery.of("run-1", 2, 0);
    List<InboxEvent> stale = new ArrayList<>();
    receive(inbox, SignedDelivery.of("run-1", 3, 2));

    for (DeliveryResult expected : List.of(STALE, DUPLICATE)) {
      DeliveryResult result =
          inTransaction(connection ->
              receive(
                  inbox,
                  connection,
                  older,
                  new EffectHandler(connection) {
                    @Override
                    public void handleStale(InboxEvent event) {
                      stale.add(event);
                    }
                  }));

      assertThat(result).isEqualTo(expected);
      assertThat(result.status()).isEqualTo(204);
    }

    assertThat(stale).extracting(InboxEvent::id).containsExactly(older.id());
    assertThat(effects()).containsExactly("run-1 v3");
  }

  @Test
  void an_interrupted_handler_is_not_called_again() throws Exception {
    SignedDelivery delivery = SignedDelivery.of("run-1", 1, 0);
    List<InboxEvent> events = new ArrayList<>();
    InboxHandler<InterruptedException> handler =
        event -> {
          events.add(event);
          throw new InterruptedException();
        };

    assertThatThrownBy(
            () -> inTransaction(connection -> receive(inbox, connection, delivery, handler)))
        .isInstanceOf(InterruptedException.class);

    assertThat(events).hasSize(1);
    assertThat(receive(inbox, delivery)).isEqualTo(ACCEPTED);
  }

  @Test
  void without_order_a_gap_is_ignored() throws Exception {
    assertThat(receive(inbox, SignedDelivery.of("run-1", 5, 4))).isEqualTo(ACCEPTED);

    assertThat(effects()).containsExactly("run-1 v5");
  }

  @Test
  void with_order_an_event_waits_for_those_before_it() throws Exception {
    assertThat(receive(ordered, SignedDelivery.of("run-1", 9, 5))).isEqualTo(HELD);
    assertThat(receive(ordered, SignedDelivery.of("run-1", 5, 2))).isEqualTo(HELD);
    assertThat(receive(ordered, SignedDelivery.of("run-2", 1, 0))).isEqualTo(ACCEPTED);
    assertThat(receive(ordered, SignedDelivery.of("run-1", 9, 5))).isEqualTo(DUPLICATE);

    assertThat(receive(ordered, SignedDelivery.of("run-1", 2, 0))).isEqualTo(ACCEPTED);

    assertThat(effects()).containsExactly("run-2 v1", "run-1 v2", "run-1 v5", "run-1 v9");
    assertThat(count("webhook_inbox_held")).isZero();
  }

  @Test
  void versions_that_a_filter_skips_are_no_gap() throws Exception {
    assertThat(receive(ordered, SignedDelivery.of("run-1", 3, 0))).isEqualTo(ACCEPTED);
    assertThat(receive(ordered, SignedDelivery.of("run-1", 8, 3))).isEqualTo(ACCEPTED);

    assertThat(effects()).containsExactly("run-1 v3", "run-1 v8");
  }

  @Test
  void after_the_longest_wait_a_held_event_takes_effect_and_what_comes_later_is_stale()
      throws Exception {
    receive(ordered, SignedDelivery.of("run-1", 1, 0));
    receive(ordered, SignedDelivery.of("run-1", 3, 2));
    receive(ordered, SignedDelivery.of("run-1", 4, 3));

    now = now.plus(A_MINUTE).minusMillis(1);
    assertThat(release()).isFalse();
    now = now.plusMillis(1);
    assertThat(release()).isTrue();
    assertThat(release()).isFalse();

    assertThat(receive(ordered, SignedDelivery.of("run-1", 2, 1))).isEqualTo(STALE);
    assertThat(receive(ordered, SignedDelivery.of("run-1", 5, 4))).isEqualTo(ACCEPTED);
    assertThat(effects()).containsExactly("run-1 v1", "run-1 v3", "run-1 v4", "run-1 v5");
  }

  @Test
  void an_event_that_was_held_for_long_enough_takes_those_with_it_that_came_before_it_in_the_run()
      throws Exception {
    receive(ordered, SignedDelivery.of("run-1", 6, 5));
    now = now.plusSeconds(50);
    receive(ordered, SignedDelivery.of("run-1", 4, 3));
    now = now.plusSeconds(10);

    assertThat(receive(ordered, SignedDelivery.of("run-1", 8, 7))).isEqualTo(HELD);

    assertThat(effects()).containsExactly("run-1 v4", "run-1 v6");
    assertThat(count("webhook_inbox_held")).isEqualTo(1);
  }

  /// As if two webhooks with different filters had the same endpoint.
  @Test
  void an_event_without_a_gap_takes_effect_after_held_ones_with_lower_versions() throws Exception {
    receive(ordered, SignedDelivery.of("run-1", 4, 3));
    receive(ordered, SignedDelivery.of("run-1", 7, 6));

    assertThat(receive(ordered, SignedDelivery.of("run-1", 6, 0))).isEqualTo(ACCEPTED);

    assertThat(effects()).containsExactly("run-1 v4", "run-1 v6", "run-1 v7");
  }

  @Test
  void without_order_an_event_takes_held_ones_with_lower_versions_with_it() throws Exception {
    receive(ordered, SignedDelivery.of("run-1", 4, 3));

    assertThat(receive(inbox, SignedDelivery.of("run-1", 5, 4))).isEqualTo(ACCEPTED);

    assertThat(effects()).containsExactly("run-1 v4", "run-1 v5");
    assertThat(count("webhook_inbox_held")).isZero();
  }

  @Test
  void each_of_the_latest_64_versions_is_known() throws Exception {
    for (long version : List.of(1, 2, 64)) {
      assertThat(receive(inbox, SignedDelivery.of("run-1", version, 0))).isEqualTo(ACCEPTED);
    }
    for (long version : List.of(1, 2, 64)) {
      assertThat(receive(inbox, SignedDelivery.of("run-1", version, 0))).isEqualTo(DUPLICATE);
    }
    for (long version = 3; version < 64; version++) {
      assertThat(receive(inbox, SignedDelivery.of("run-1", version, 0))).isEqualTo(STALE);
      assertThat(receive(inbox, SignedDelivery.of("run-1", version, 0))).isEqualTo(DUPLICATE);
    }

    assertThat(effects()).containsExactly("run-1 v1", "run-1 v2", "run-1 v64");
  }

  @Test
  void a_version_that_is_64_older_than_the_latest_counts_as_received() throws Exception {
    receive(inbox, SignedDelivery.of("run-1", 3, 0));
    receive(inbox, SignedDelivery.of("run-1", 67, 0));

    assertThat(receive(inbox, SignedDelivery.of("run-1", 2, 0))).isEqualTo(DUPLICATE);
    assertThat(receive(inbox, SignedDelivery.of("run-1", 3, 0))).isEqualTo(DUPLICATE);
    assertThat(receive(inbox, SignedDelivery.of("run-1", 4, 0))).isEqualTo(STALE);
  }

  @Test
  void a_version_that_is_63_older_than_the_latest_is_known() throws Exception {
    receive(inbox, SignedDelivery.of("run-1", 4, 0));
    receive(inbox, SignedDelivery.of("run-1", 67, 0));

    assertThat(receive(inbox, SignedDelivery.of("run-1", 4, 0))).isEqualTo(DUPLICATE);
    assertThat(receive(inbox, SignedDelivery.of("run-1", 5, 0))).isEqualTo(STALE);
    assertThat(receive(inbox, SignedDelivery.of("run-1", 67, 0))).isEqualTo(DUPLICATE);
  }

  @Test
  void a_held_event_keeps_its_bytes() throws Exception {
    String body =
        """
        {"account":"acme","stateVersion":2,"run":{"id":"run-1"},"stack":{"id":"demo"},"note":"%s"}\
        """
            .formatted("Grüße 🚀 ".repeat(20_000));
    SignedDelivery large = SignedDelivery.of("large", body, 1);
    List<InboxEvent> events = new ArrayList<>();
    receive(ordered, large);
    now = now.plus(A_MINUTE);

    inTransaction(connection -> ordered.release(connection, events::add));

    assertThat(events).extracting(InboxEvent::body).containsExactly(large.bytes());
    assertThat(events).extracting(InboxEvent::id).containsExactly(large.id());
  }

  @Test
  void an_event_whose_handler_fails_is_handled_when_it_is_sent_again() throws Exception {
    for (JdbcInbox each : List.of(inbox, ordered)) {
      SignedDelivery delivery = SignedDelivery.of("run-" + each.hashCode(), 1, 0);
      assertThatThrownBy(() ->
              inTransaction(connection ->
                  each.receive(
                      connection,
                      delivery::header,
                      delivery.bytes(),
                      event -> {
                        new EffectHandler(connection).handle(event);
                        throw new IOException("the disk is full");
                      })))
          .isInstanceOf(IOException.class)
          .hasMessage("the disk is full");
      assertThat(effects()).isEmpty();

      assertThat(receive(each, delivery)).isEqualTo(ACCEPTED);

      execute("delete from effect");
    }
  }

  @Test
  void an_inbox_that_commits_has_committed_the_effect() throws Exception {
    for (JdbcInbox each : List.of(inbox, ordered)) {
      SignedDelivery delivery = SignedDelivery.of("run-" + each.hashCode(), 1, 0);
      for (DeliveryResult expected : List.of(ACCEPTED, DUPLICATE)) {
        try (Connection connection = database.getConnection()) {
          connection.setAutoCommit(false);
          assertThat(receiveAndCommit(each, connection, delivery, new EffectHandler(connection)))
              .isEqualTo(expected);
          connection.rollback();
        }
      }
    }

    assertThat(effects()).hasSize(2);
  }

  @Test
  void an_inbox_that_commits_rolls_back_what_a_failing_handler_has_done() throws Exception {
    SignedDelivery delivery = SignedDelivery.of("run-1", 1, 0);

    assertThatThrownBy(() ->
            inTransaction(connection ->
                receiveAndCommit(
                    inbox,
                    connection,
                    delivery,
                    event -> {
                      new EffectHandler(connection).handle(event);
                      throw new IOException("the disk is full");
                    })))
        .isInstanceOf(IOException.class);

    assertThat(effects()).isEmpty();
    assertThat(receive(inbox, delivery)).isEqualTo(ACCEPTED);
  }

  @Test
  void an_inbox_that_commits_holds_back_an_event_whose_handler_fails_because_it_is_too_early()
      throws Exception {
    SignedDelivery second = SignedDelivery.of("run-1", 2, 1);

    DeliveryResult result =
        inTransaction(connection ->
            receiveAndCommit(
                ordered,
                connection,
                second,
                event -> {
                  throw new IllegalStateException("the run has no row yet");
                }));

    assertThat(result).isEqualTo(HELD);
    assertThat(receive(ordered, SignedDelivery.of("run-1", 1, 0))).isEqualTo(ACCEPTED);
    assertThat(effects()).containsExactly("run-1 v1", "run-1 v2");
  }

  @Test
  void a_held_event_whose_handler_fails_is_tried_again() throws Exception {
    receive(ordered, SignedDelivery.of("run-1", 2, 1));
    now = now.plus(A_MINUTE);

    assertThatThrownBy(() ->
            inTransaction(connection ->
                ordered.release(
                    connection,
                    event -> {
                      throw new IOException("the disk is full");
                    })))
        .isInstanceOf(IOException.class);

    assertThat(release()).isTrue();
    assertThat(effects()).containsExactly("run-1 v2");
  }

  @Test
  void deliveries_of_one_event_at_the_same_time_have_one_effect() throws Exception {
    for (JdbcInbox each : List.of(inbox, ordered)) {
      for (int round = 0; round < 10; round++) {
        SignedDelivery delivery = SignedDelivery.of("run-" + each.hashCode(), round + 1, round);
        CountDownLatch start = new CountDownLatch(1);

        List<DeliveryResult> results =
            runInParallel(
                Collections.nCopies(
                    6,
                    () -> {
                      start.countDown();
                      return receiveUntilCommitted(each, delivery);
                    }));

        assertThat(results).containsOnlyOnce(ACCEPTED).contains(DUPLICATE).hasSize(6);
      }
    }
    assertThat(effects()).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void a_delivery_that_waits_for_one_that_is_rolled_back_has_the_effect() throws Exception {
    for (JdbcInbox each : List.of(inbox, ordered)) {
      SignedDelivery delivery = SignedDelivery.of("run-" + each.hashCode(), 1, 0);
      CountDownLatch first = new CountDownLatch(1);
      CountDownLatch second = new CountDownLatch(1);

      List<DeliveryResult> results =
          runInParallel(
              List.of(
                  () -> {
                    assertThatThrownBy(() ->
                            inTransaction(connection ->
                                each.receive(
                                    connection,
                                    delivery::header,
                                    delivery.bytes(),
                                    event -> {
                                      new EffectHandler(connection).handle(event);
                                      first.countDown();
                                      second.await();
                                      throw new IOException("the disk is full");
                                    })))
                        .isInstanceOf(IOException.class);
                    return DUPLICATE;
                  },
                  () -> {
                    first.await();
                    second.countDown();
                    return receiveUntilCommitted(each, delivery);
                  }));

      assertThat(results).containsExactly(DUPLICATE, ACCEPTED);
    }
    assertThat(effects()).hasSize(2);
  }

  @Test
  void shuffled_and_repeated_deliveries_of_many_runs_take_effect_once_and_in_order()
      throws Exception {
    int runs = 12;
    int versions = 8;
    List<SignedDelivery> all = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      for (int version = 1; version <= versions; version++) {
        all.add(SignedDelivery.of("run-" + run, version, version - 1L));
        all.add(all.get(all.size() - 1));
      }
    }
    Collections.shuffle(all, new Random(7));

    runInParallel(
        IntStream.range(0, 6)
            .mapToObj(thread ->
                (Callable<Integer>)
                    () -> {
                      for (int i = thread; i < all.size(); i += 6) {
                        receiveUntilCommitted(ordered, all.get(i));
                      }
                      return 0;
                    })
            .toList());

    for (int run = 0; run < runs; run++) {
      String name = "run-" + run;
      assertThat(effects())
          .filteredOn(effect -> effect.startsWith(name + " "))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, versions)
                  .mapToObj(version -> name + " v" + version)
                  .toList());
    }
    assertThat(count("webhook_inbox_held")).isZero();
  }

  @Test
  void several_processes_may_release_events_at_the_same_time() throws Exception {
    int runs = 20;
    for (int run = 0; run < runs; run++) {
      receive(ordered, SignedDelivery.of("run-" + run, 3, 2));
      receive(ordered, SignedDelivery.of("run-" + run, 4, 3));
    }
    now = now.plus(A_MINUTE);

    runInParallel(
        Collections.nCopies(
            4,
            () -> {
              while (releaseUntilCommitted()) {
                Thread.onSpinWait();
              }
              return 0;
            }));

    assertThat(effects()).hasSize(2 * runs).doesNotHaveDuplicates();
    assertThat(effects())
        .filteredOn(effect -> effect.startsWith("run-1 "))
        .containsExactly("run-1 v3", "run-1 v4");
  }

  @Test
  void the_ids_of_runs_are_case_sensitive() throws Exception {
    assertThat(receive(inbox, SignedDelivery.of("run-a", 2, 0))).isEqualTo(ACCEPTED);
    assertThat(receive(inbox, SignedDelivery.of("run-A", 1, 0))).isEqualTo(ACCEPTED);
  }

  @Test
  void inboxes_with_other_tables_are_independent() throws Exception {
    JdbcInbox other = inbox.withTables("other");
    try (Connection connection = database.getConnection()) {
      other.createTables(connection);
    }
    SignedDelivery delivery = SignedDelivery.of("run-1", 1, 0);

    assertThat(receive(inbox, delivery)).isEqualTo(ACCEPTED);
    assertThat(receive(other, delivery)).isEqualTo(ACCEPTED);

    assertThat(inbox.withTables("app.orders_inbox").ddl())
        .contains("app.orders_inbox_event (")
        .doesNotContain("app.orders_inbox_event_received_at");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inbox.withTables("a;drop"))
        .withMessageStartingWith("\"a;drop\" must have up to 40 letters");
  }

  @Test
  void missing_tables_are_reported() {
    assertThatThrownBy(() -> receive(inbox.withTables("missing"), SignedDelivery.of("run-1", 1, 0)))
        .isInstanceOf(SQLException.class)
        .hasMessage("the tables missing_… do not exist: run the statements of JdbcInbox.ddl()")
        .hasCauseInstanceOf(SQLException.class);
  }

  @Test
  void a_connection_without_a_transaction_is_refused() throws Exception {
    SignedDelivery delivery = SignedDelivery.of("run-1", 1, 0);
    try (Connection connection = database.getConnection()) {
      assertThatIllegalStateException()
          .isThrownBy(
              () -> inbox.receive(connection, delivery::header, delivery.bytes(), event -> {}))
          .withMessageContaining("setAutoCommit(false)");
      assertThatIllegalStateException().isThrownBy(() -> inbox.release(connection, event -> {}));
    }
    assertThat(count("webhook_inbox_run")).isZero();
  }

  @Test
  void a_delivery_that_does_not_verify_does_not_use_the_connection() throws Exception {
    SignedDelivery delivery = SignedDelivery.of("run-1", 1, 0);
    Connection closed = database.getConnection();
    closed.close();

    DeliveryResult result =
        inbox.receive(closed, delivery::header, "changed".getBytes(UTF_8), event -> {});

    assertThat(result).isEqualTo(SIGNATURE_MISMATCH);
  }

  @Test
  void old_ids_and_runs_are_deleted_in_batches() throws Exception {
    for (int i = 0; i < 5; i++) {
      receive(inbox, SignedDelivery.of("run-" + i, 1, 0));
      receive(inbox, SignedDelivery.of("ping-" + i, "{\"event\":\"ping\"}", 0));
    }
    receive(ordered, SignedDelivery.of("run-held", 2, 1));
    now = now.plus(Duration.ofDays(1));
    receive(inbox, SignedDelivery.of("run-0", 2, 1));
    receive(inbox, SignedDelivery.of("run-new", 1, 0));
    receive(inbox, SignedDelivery.of("ping-new", "{\"event\":\"ping\"}", 0));
    now = now.plus(Duration.ofDays(30));

    List<Integer> deleted = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      deleted.add(
          inTransaction(connection -> inbox.deleteOlderThan(connection, Duration.ofDays(30), 4)));
    }

    assertThat(deleted).containsExactly(4, 4, 1, 0);
    assertThat(count("webhook_inbox_event")).isEqualTo(1);
    assertThat(count("webhook_inbox_run")).isEqualTo(3);
    assertThat(receive(inbox, SignedDelivery.of("run-0", 2, 1))).isEqualTo(DUPLICATE);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> inTransaction(connection -> inbox.deleteOlderThan(connection, A_MINUTE, 0)));
  }

  @Test
  void a_negative_wait_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inbox.withOrder(A_MINUTE.negated()))
        .withMessage("the longest wait is negative");
  }

  DeliveryResult receive(JdbcInbox into, SignedDelivery delivery) throws Exception {
    return inTransaction(
        connection -> receive(into, connection, delivery, new EffectHandler(connection)));
  }

  /// Receives a delivery; it may commit.
  <E extends Exception> DeliveryResult receive(
      JdbcInbox into, Connection connection, SignedDelivery delivery, InboxHandler<E> handler)
      throws SQLException, E {
    return into.receive(connection, delivery::header, delivery.bytes(), handler);
  }

  static <E extends Exception> DeliveryResult receiveAndCommit(
      JdbcInbox into, Connection connection, SignedDelivery delivery, InboxHandler<E> handler)
      throws SQLException, E {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    return into.receiveAndCommit(connection, delivery::header, delivery.bytes(), handler);
  }

  private boolean release() throws Exception {
    return inTransaction(connection -> ordered.release(connection, new EffectHandler(connection)));
  }

  /// Tries again after a conflict, as the server does after the response 500.
  private DeliveryResult receiveUntilCommitted(JdbcInbox into, SignedDelivery delivery)
      throws Exception {
    return retry(() -> receive(into, delivery));
  }

  private boolean releaseUntilCommitted() throws Exception {
    return retry(this::release);
  }

  private static <T> T retry(Callable<T> call) throws Exception {
    for (int i = 0; i < 100; i++) {
      try {
        return call.call();
      } catch (SQLException e) {
        boolean changedSinceRead = e.getErrorCode() == 1020; // MariaDB, with its default isolation
        assertThat(changedSinceRead || e.getSQLState().startsWith("40")).as(e.toString()).isTrue();
      }
    }
    throw new IllegalStateException("a hundred conflicts in a row");
  }

  interface Work<T> {
    T run(Connection connection) throws Exception;
  }

  <T> T inTransaction(Work<T> work) throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (Exception e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static <T> List<T> runInParallel(List<? extends Callable<T>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      List<Future<T>> started = new ArrayList<>();
      for (Callable<T> task : tasks) {
        started.add(threads.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : started) {
        results.add(each.get());
      }
      return results;
    }
  }

  static class EffectHandler implements InboxHandler<SQLException> {
    private final Connection connection;

    EffectHandler(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void handle(InboxEvent event) throws SQLException {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into effect (event_id, run, version) values (?, ?, ?)")) {
        insert.setString(1, event.id());
        insert.setString(2, event.runVersion().map(RunVersion::run).orElse("null"));
        insert.setLong(3, event.runVersion().map(RunVersion::version).orElse(0L));
        insert.executeUpdate();
      }
    }
  }

  List<String> effects() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return effects(connection);
    }
  }

  static List<String> effects(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select run, version from effect order by seq")) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1) + " v" + rows.getLong(2));
      }
      return all;
    }
  }

  private int count(String table) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
