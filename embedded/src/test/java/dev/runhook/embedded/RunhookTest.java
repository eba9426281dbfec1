package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.runhook.application.audit.Actor;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.Header;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.schema.UnusableDatabaseException;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;

@Tag("slow")
@Timeout(120)
class RunhookTest {
  /// Those of the JDK and of the driver, which have no owner that could name or end them.
  private static final String OTHER_THREADS =
      "HttpClient-.*|PostgreSQL-JDBC-.*|ForkJoinPool-.*|VirtualThread-.*";

  private static final BlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();
  private static EmbeddedPostgres postgres;
  private static HttpServer receiver;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres = EmbeddedPostgres.start();
    execute("create table build (id text primary key, state text)");
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          RECEIVED.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterAll
  static void stop() throws IOException {
    receiver.stop(0);
    postgres.close();
  }

  @Test
  void a_run_that_starts_in_the_hosts_transaction_is_delivered() throws Exception {
    try (Runhook runhook = onPostgres("committed").start()) {
      addWebhook(runhook);

      try (Connection connection = transaction()) {
        insertBuild(connection, "b1");
        runhook.journal().start(newRun(runhook, "b1"), JdbiUnitOfWork.joining(connection));
        connection.commit();
      }
      runhook.wake();

      assertThat(received()).contains("\"account\":\"committed\"", "\"id\":\"b1\"", "QUEUED");
      assertThat(builds("b1")).isEqualTo(1);
    }
  }

  @Test
  void the_gauges_leave_the_registry_of_the_host_with_runhook() {
    MeterRegistry registry = new SimpleMeterRegistry();
    registry.gauge("hosts.own", 1);

    Runhook runhook = onPostgres("measured").metrics(new RunhookMetrics(registry)).start();
    assertThat(gauges(registry)).contains("runhook.webhooks", "runhook.store.sample.age");
    runhook.close();

    assertThat(gauges(registry)).containsExactly("hosts.own");
  }

  private static List<String> gauges(MeterRegistry registry) {
    return registry.getMeters().stream()
        .filter(meter -> meter instanceof Gauge)
        .map(gauge -> gauge.getId().getName())
        .toList();
  }

  @Test
  void a_rollback_leaves_neither_the_row_nor_the_run() throws Exception {
    try (Runhook runhook = onPostgres("rolled-back").start()) {
      addWebhook(runhook);

      try (Connection connection = transaction()) {
        insertBuild(connection, "b2");
        runhook.journal().start(newRun(runhook, "b2"), JdbiUnitOfWork.joining(connection));
        connection.rollback();
      }
      runhook.journal().start(newRun(runhook, "b3"));

      assertThat(received()).contains("\"id\":\"b3\"");
      assertThat(builds("b2")).isZero();
      RunId run = new RunId(runhook.stack("main"), "b2");
      assertThatThrownBy(() -> runhook.journal().run(run)).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void a_process_that_only_records_wakes_one_that_sends() throws Exception {
    try (Runhook recorder = onPostgres("split").recordOnly().start();
        Runhook sender = onPostgres("split").start()) {
      addWebhook(sender);

      recorder.journal().start(newRun(recorder, "b4"));

      assertThat(received()).contains("\"id\":\"b4\"");
    }
  }

  @Test
  void secrets_are_encrypted_with_a_key() throws Exception {
    try (Runhook runhook = onPostgres("encrypted").encryptionKey("ab".repeat(32)).start()) {
      addWebhook(runhook);

      assertThat(
              count(
                  "runhook.webhook w join runhook.stack s on s.id = w.stack_id"
                      + " where s.account = 'encrypted' and secret_key_id is not null"))
          .isEqualTo(1);
    }
  }

  @Test
  void partitions_are_created_ahead() throws Exception {
    onPostgres("partitions").start().close();
    String last =
        text(
            "select max(inhrelid::regclass::text) from pg_inherits"
                + " where inhparent = 'runhook.event'::regclass"
                + " and inhrelid::regclass::text not like '%default'");
    execute("drop table " + last);

    Runhook runhook = onPostgres("partitions").start();
    try (runhook) {
      while (text("select to_regclass('" + last + "')") == null) {
        Thread.sleep(20);
      }
    }
  }

  @Test
  void what_belonged_to_a_deleted_stack_is_removed() throws Exception {
    try (Runhook runhook = onPostgres("deleted").start()) {
      addWebhook(runhook);
      runhook.journal().start(newRun(runhook, "b7"));
      assertThat(received()).contains("\"id\":\"b7\"");
      runhook.journal().deleteStack(runhook.stack("main"), new Actor("the test"));
    }

    try (Runhook runhook = onPostgres("deleted").start()) {
      while (count("runhook.run where name = 'b7'") + count("runhook.stack where slug is null")
          > 0) {
        Thread.sleep(20);
      }
      assertThat(runhook.journal().register(Stack.named(runhook.stack("main"), "Main"))).isTrue();
    }
  }

  @Test
  void all_threads_are_daemons_and_end_with_their_connections_on_close() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    List<Connection> connections = new CopyOnWriteArrayList<>();
    Runhook runhook =
        Runhook.on(remembering(connections))
            .account("closed")
            .allowedNetworks("127.0.0.0/8")
            .start();
    addWebhook(runhook);
    runhook.journal().start(newRun(runhook, "b5"));
    assertThat(received()).contains("\"id\":\"b5\"");
    Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
    started.removeAll(before);

    runhook.close();

    assertThat(connections).isNotEmpty();
    for (Connection connection : connections) {
      assertThat(connection.isClosed()).isTrue();
    }
    assertThat(started)
        .extracting(Thread::getName)
        .contains("runhook-dispatch", "runhook-listener", "runhook-retention")
        .allMatch(name -> name.matches("runhook-.*|" + OTHER_THREADS));
    assertThat(started).allMatch(Thread::isDaemon);
    for (Thread thread : started) {
      assertThat(thread.getName().matches(OTHER_THREADS) || thread.join(Duration.ofSeconds(5)))
          .as(thread.getName())
          .isTrue();
    }
  }

  private static DataSource remembering(List<Connection> connections) {
    return new PGSimpleDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        Connection connection = database().getConnection();
        connections.add(connection);
        return connection;
      }
    };
  }

  @Test
  void services_with_schemas_of_their_own_do_not_send_list_or_wake_for_each_other()
      throws Exception {
    try (Runhook billing = onPostgres("shared").schema("runhook_billing").start();
        Runhook orders =
            Runhook.on(database()).account("shared").schema("runhook_orders").start()) {
      addWebhook(billing);

      for (int i = 0; i < 20; i++) {
        try (Connection connection = transaction()) {
          billing.journal().start(newRun(billing, "own-" + i), billing.joining(connection));
          connection.commit();
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(received()).contains("\"id\":\"own-");
      }

      while (count("runhook_billing.delivery_queue") > 0) {
        Thread.sleep(20);
      }
      assertThat(count("runhook_billing.all_attempts")).isEqualTo(20);
      assertThat(count("runhook_billing.all_attempts where outcome = 'DELIVERED'")).isEqualTo(20);
      assertThat(count("runhook_orders.event") + count("runhook_orders.webhook")).isZero();
      assertThat(orders.journal().register(Stack.named(orders.stack("main"), "Main"))).isTrue();
    }
  }

  @Test
  void a_process_with_other_networks_or_another_key_is_logged_once() {
    List<String> warnings =
        warningsOf(() -> {
          compared("127.0.0.0/8", "ab").close();
          compared("127.0.0.0/8", "ab").close();
        });
    List<String> differences =
        warningsOf(() -> {
          compared("10.0.0.0/8", "ab").close();
          compared("10.0.0.0/8", "cd").close();
          compared("127.0.0.0/8", "ef").close();
        });
    SecretCipher rotated =
        new SecretCipher(
            Optional.of(EncryptionKey.parse("01".repeat(32))),
            List.of(EncryptionKey.parse("ef".repeat(32))));
    List<String> rotation =
        warningsOf(() ->
            onPostgres("compared").schema("runhook_compared").cipher(rotated).start().close());

    assertThat(warnings).isEmpty();
    assertThat(differences).hasSize(3);
    assertThat(differences.get(0))
        .contains("egress policy", "allowed [10.0.0.0/8]", "allowed [127.0.0.0/8]")
        .contains("has other settings, but each process sends deliveries of all");
    assertThat(differences.get(1))
        .contains("encryption key")
        .doesNotContain("cdcd", "egress policy,");
    assertThat(differences.get(2)).contains("egress policy, encryption key");
    assertThat(rotation).isEmpty();
  }

  private static Runhook compared(String network, String key) {
    return Runhook.on(database())
        .schema("runhook_compared")
        .allowedNetworks(network)
        .encryptionKey(key.repeat(32))
        .start();
  }

  private static List<String> warningsOf(Runnable work) {
    Logger logger = (Logger) LoggerFactory.getLogger(Schema.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try {
      work.run();
    } finally {
      logger.detachAppender(appender);
    }
    return appender.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs())
        .toList();
  }

  @Test
  void a_start_that_may_not_migrate_needs_the_script_of_the_migrations() throws SQLException {
    Runhook.Builder builder = onPostgres("checked").schema("runhook_checked").migrate(false);
    assertThatThrownBy(builder::start)
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageEndingWith(
            "run the script that Runhook.migrations(\"runhook_checked\", 0) returns");

    execute(Runhook.migrations("runhook_checked", 0));

    try (Runhook runhook = onPostgres("checked").schema("runhook_checked").migrate(false).start()) {
      assertThat(runhook.journal().register(Stack.named(runhook.stack("main"), "Main"))).isTrue();
    }
    assertThat(Runhook.migrations()).isEqualTo(Runhook.migrations("runhook", 0));
  }

  @Test
  void a_start_without_a_database_fails() {
    PGSimpleDataSource unreachable = new PGSimpleDataSource();
    unreachable.setUrl("jdbc:postgresql://127.0.0.1:1/none");

    assertThatThrownBy(() -> Runhook.on(unreachable).start())
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void a_start_with_only_one_connection_is_refused() {
    PGSimpleDataSource full =
        new PGSimpleDataSource() {
          private final Semaphore permits = new Semaphore(1);

          @Override
          public Connection getConnection() throws SQLException {
            if (!permits.tryAcquire()) {
              throw new SQLException("the pool is exhausted");
            }
            return database().getConnection();
          }
        };

    assertThatThrownBy(() -> Runhook.on(full).start())
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("only one connection (the pool is exhausted)");
  }

  @Test
  void a_test_polls_in_memory_and_sets_the_clock() {
    SettableClock clock = SettableClock.atNoon();
    InMemoryTransactor store = new InMemoryTransactor(clock);
    ScriptedTransport transport = new ScriptedTransport(store);
    Runhook runhook =
        Runhook.on(store)
            .transport(transport)
            .clock(clock, clock.ticker())
            .onCallingThread()
            .build();
    runhook.journal().register(Stack.named(runhook.stack("main"), "Main"));
    runhook
        .webhooks()
        .create(
            runhook.stack("main"),
            CreateWebhookRequest.of(Samples.endpoint(1).text()),
            new Actor("the test"));

    runhook.journal().start(newRun(runhook, "b6"));

    assertThat(transport.requests())
        .extracting(SignedRequest::payload)
        .allSatisfy(payload -> assertThat(payload.text()).contains("\"id\":\"b6\""))
        .hasSize(1);
  }

  @Test
  void requests_pass_through_the_wrappers_of_the_transport() {
    SettableClock clock = SettableClock.atNoon();
    InMemoryTransactor store = new InMemoryTransactor(clock);
    ScriptedTransport transport = new ScriptedTransport(store);
    Runhook runhook =
        Runhook.on(store)
            .wrapTransport(
                next -> request -> next.post(request.withHeader(new Header("X-Via", "a"))))
            .wrapTransport(
                next -> request -> next.post(request.withHeader(new Header("X-Via", "b"))))
            .transport(transport)
            .clock(clock, clock.ticker())
            .onCallingThread()
            .build();
    runhook.journal().register(Stack.named(runhook.stack("main"), "Main"));
    runhook
        .webhooks()
        .create(
            runhook.stack("main"),
            CreateWebhookRequest.of(Samples.endpoint(1).text()),
            new Actor("the test"));

    runhook.journal().start(newRun(runhook, "b7"));

    assertThat(transport.requests().getFirst().headers())
        .filteredOn(header -> header.name().equals("X-Via"))
        .extracting(Header::value)
        .containsExactly("b", "a");
  }

  @Test
  void an_error_in_the_dispatch_loop_is_a_problem_of_the_process_and_the_loop_goes_on()
      throws InterruptedException {
    SettableClock clock = SettableClock.atNoon();
    CountDownLatch errors = new CountDownLatch(2);
    Runhook runhook =
        Runhook.on(new InMemoryTransactor(clock))
            .clock(
                clock,
                () -> {
                  throw new LinkageError("expected by the test");
                })
            .observer(
                new DispatchObserver() {
                  @Override
                  public void onError(String operation, Throwable failure) {
                    errors.countDown();
                  }
                })
            .start();

    try (runhook) {
      assertThat(errors.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(runhook.supervisor().findProblem()).contains("LinkageError in runhook-dispatch");
    }
  }

  @Test
  void an_observer_that_throws_does_not_stop_deliveries() {
    SettableClock clock = SettableClock.atNoon();
    InMemoryTransactor store = new InMemoryTransactor(clock);
    ScriptedTransport transport = new ScriptedTransport(store);
    Runhook runhook =
        Runhook.on(store)
            .transport(transport)
            .clock(clock, clock.ticker())
            .dispatchConfig(DispatchConfig.defaults().withConcurrency(2, 2))
            .observer(
                new DispatchObserver() {
                  @Override
                  public void onAttempt(
                      LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
                    throw new IllegalStateException("expected by the test");
                  }
                })
            .onCallingThread()
            .build();
    runhook.journal().register(Stack.named(runhook.stack("main"), "Main"));
    runhook
        .webhooks()
        .create(
            runhook.stack("main"),
            CreateWebhookRequest.of(Samples.endpoint(1).text()),
            new Actor("the test"));

    for (int i = 0; i < 5; i++) {
      runhook.journal().start(newRun(runhook, "observed-" + i));
    }

    assertThat(transport.requests()).hasSize(5);
  }

  private static Runhook.Builder onPostgres(String account) {
    return Runhook.on(database()).account(account).allowedNetworks("127.0.0.0/8");
  }

  private static void addWebhook(Runhook runhook) {
    String endpoint = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hooks";
    runhook.journal().register(Stack.named(runhook.stack("main"), "Main"));
    runhook
        .webhooks()
        .create(runhook.stack("main"), CreateWebhookRequest.of(endpoint), new Actor("the test"));
  }

  private static NewRun newRun(Runhook runhook, String id) {
    RunId run = new RunId(runhook.stack("main"), id);
    return NewRun.of(
        RunDetails.tracked("main", Commit.of("0ee3f1c")),
        TransitionReport.of(run, RunState.QUEUED));
  }

  private static String received() throws InterruptedException {
    String body = RECEIVED.poll(20, TimeUnit.SECONDS);
    assertThat(body).as("a delivery within 20 s").isNotNull();
    return body;
  }

  private static DataSource database() {
    return postgres.getPostgresDatabase();
  }

  private static Connection transaction() throws SQLException {
    Connection connection = database().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void insertBuild(Connection connection, String id) throws SQLException {
    connection.createStatement().execute("insert into build values ('" + id + "', 'QUEUED')");
  }

  private static int builds(String id) throws SQLException {
    return count("build where id = '" + id + "'");
  }

  private static int count(String from) throws SQLException {
    return Integer.parseInt(text("select count(*) from " + from));
  }

  private static String text(String query) throws SQLException {
    try (Connection connection = database().getConnection();
        ResultSet row = connection.createStatement().executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database().getConnection()) {
      connection.createStatement().execute(sql);
    }
  }
}
