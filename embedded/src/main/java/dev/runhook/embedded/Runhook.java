package dev.runhook.embedded;

import dev.runhook.application.delivery.DeliveryAdmin;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.DispatchContext;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.outbox.LagMonitor;
import dev.runhook.application.run.HostTransactions;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.JournalObserver;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.webhook.AccountWebhookAdmin;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.application.webhook.WebhookConfig;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.outbound.egress.LocalAddresses;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.JdbiUnitOfWork;
import dev.runhook.persistence.PgNotifier;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.JdbiHistoryPartitions;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// Runhook inside another service. It stores its tables in the service's PostgreSQL, in a schema of
/// their own, and sends deliveries from this process:
///
/// ```java
/// try (Runhook runhook = Runhook.on(dataSource).start()) {
///   runhook.journal().record(report, JdbiUnitOfWork.joining(connection));
/// }
/// ```
///
/// Several processes of a service can use one schema, and send each other's deliveries. Services
/// that must not do that use schemas of their own. All methods except [#close] are thread-safe.
public final class Runhook implements AutoCloseable {
  private static final Duration SAMPLE_STOP_TIMEOUT = Duration.ofSeconds(2);

  private final Engine engine;
  private final AccountId account;
  private final Optional<Schema> schema;
  private final Builder parts;
  private final Transactor transactor;
  private final Optional<StoreGauges> gauges;

  /// End the threads of the default parts.
  private final List<Runnable> closers = new ArrayList<>();

  private Runhook(Builder parts) {
    this.account = parts.account;
    this.parts = parts;
    Optional<DataSource> dataSource = parts.dataSource;
    this.schema = dataSource.map(source -> new Schema(source, parts.schema));
    this.transactor =
        parts.transactor.orElseGet(
            () -> new JdbiTransactor(dataSource.orElseThrow(), parts.cipher, parts.schema));
    EgressPolicy egress = parts.egressPolicy.denyingLocalAddresses(new LocalAddresses());
    EngineThreads threads = new EngineThreads();
    closers.add(threads::close);
    this.engine =
        new Engine(
            new EngineParts(
                new EngineStores(
                    transactor,
                    transactor,
                    dataSource.stream()
                        .<HistoryPartitions>map(
                            source -> new JdbiHistoryPartitions(source, parts.schema))
                        .toList(),
                    dataSource,
                    parts.schema),
                parts.journal(),
                WebhookConfig.of(egress, parts.renderer)
                    .withMaxTimeout(parts.dispatchConfig.maxTimeout()),
                parts.dispatchConfig,
                new RequestFactory(new WebhookSigner(true), parts.userAgent, parts.dispatchConfig),
                parts.transportWrapper.apply(
                    parts.transport.orElseGet(() -> newTransport(egress, parts.clock))),
                new DispatchContext(
                    parts.clock,
                    parts.ticker,
                    new SecureRandom(),
                    parts.attempts.orElseGet(threads::attempts),
                    parts.transactions.orElseGet(threads::transactions)),
                parts.observers,
                parts.retention,
                parts.laggingAfter,
                () -> {}, // the process belongs to the host
                parts.sendsDeliveries));
    this.gauges =
        parts.metrics.flatMap(
            metrics -> dataSource.map(source -> metrics.ofStore(engine, source, parts.schema)));
  }

  private Transport newTransport(EgressPolicy egress, InstantSource clock) {
    HttpTransport transport = new HttpTransport(TransportSettings.of(egress), clock);
    closers.add(transport::close);
    return transport;
  }

  /// Returns a builder that stores in a PostgreSQL database.
  ///
  /// @param dataSource a pool with at least 4 connections for Runhook; one of them waits for
  ///   notifications all the time
  public static Builder on(DataSource dataSource) {
    return new Builder(Optional.of(dataSource), Optional.empty());
  }

  /// Returns a builder that stores in another store, such as the test kit's `InMemoryTransactor`.
  public static Builder on(Transactor transactor) {
    return new Builder(Optional.empty(), Optional.of(transactor));
  }

  /// Returns the SQL that creates the tables in the schema `runhook`, for an administrator.
  public static String migrations() {
    return migrations("runhook", 0);
  }

  /// Returns the SQL that creates the tables or brings them to this version, for an administrator.
  /// It is one transaction for `psql`, and leaves what [Builder#start] would.
  ///
  /// @param schema as for [Builder#schema]
  /// @param version the version that the schema has, which the table `schema_version` and the
  ///   message of a refused start say; 0 if it does not exist
  /// @throws IllegalArgumentException if there is no such name or version
  public static String migrations(String schema, int version) {
    return Schema.script(BucketSchema.named(schema), version);
  }

  /// Joins the open transaction of a connection, for `start` and `record` of the journal. As
  /// [JdbiUnitOfWork#joining], but with the schema of this builder.
  ///
  /// @throws IllegalStateException if the connection is closed, commits automatically or is
  ///   read-only, or if its isolation level is not read committed
  public UnitOfWork joining(Connection connection) {
    return JdbiUnitOfWork.joining(connection, parts.schema);
  }

  /// Registers stacks and runs, and records transitions.
  public RunJournal journal() {
    return engine.journal();
  }

  public WebhookAdmin webhooks() {
    return engine.webhooks();
  }

  public AccountWebhookAdmin accountWebhooks() {
    return engine.accountWebhooks();
  }

  public DeliveryAdmin deliveries() {
    return engine.deliveries();
  }

  /// Returns the id of a stack in the account of this service.
  ///
  /// @throws IllegalArgumentException if the slug is not valid
  public StackId stack(String slug) {
    return new StackId(account, slug);
  }

  /// Sends deliveries that a transaction of the service has recorded without further delay. Call it
  /// after the commit. Without this call, the next poll finds them within a second.
  public void wake() {
    engine.wake();
  }

  /// For tests that call `poll`, with [Builder#build].
  public Dispatcher dispatcher() {
    return engine.dispatcher();
  }

  /// Knows whether this process must be restarted, for a health check of the service.
  public Supervisor supervisor() {
    return engine.supervisor();
  }

  /// Returns how long the oldest delivery to an active webhook that could be sent had not been, at
  /// the latest of the samples that are taken each 15 seconds. Empty without [Builder#metrics].
  public Optional<Duration> lag() {
    return gauges.map(StoreGauges::lag);
  }

  /// Returns false after [Builder#recordOnly].
  public boolean sendsDeliveries() {
    return engine.sendsDeliveries();
  }

  public DispatchConfig dispatchConfig() {
    return engine.dispatchConfig();
  }

  /// For use cases that this class does not provide.
  public Transactor transactor() {
    return transactor;
  }

  /// The parts of which this Runhook consists.
  public Engine engine() {
    return engine;
  }

  /// The account of the stacks of this service.
  public AccountId account() {
    return account;
  }

  /// Completes the attempts in flight, leaves all other deliveries to the next start or to other
  /// processes, and ends all threads. Stop reporting transitions before. Does not close the data
  /// source.
  @Override
  public void close() {
    engine.stop();
    closers.forEach(Runnable::run);
    parts.metrics.ifPresent(RunhookMetrics::removeGauges);
  }

  private void start() {
    if (engine.sendsDeliveries()) {
      parts.dataSource.ifPresent(PgNotifier::requireConnections);
    }
    schema.ifPresent(tables -> {
      if (parts.migrates) {
        tables.migrate();
      } else {
        tables.requireMigrated();
      }
      tables.compareSettings(parts.egressPolicy, parts.cipher);
    });
    engine.start();
    gauges.ifPresent(sampled -> {
      PeriodicTask task =
          new PeriodicTask(
              "runhook-store-stats", StoreGauges.INTERVAL, sampled::sample, supervisor());
      task.start();
      closers.add(() -> task.stop(SAMPLE_STOP_TIMEOUT));
    });
  }

  /// Replaces parts of [Runhook] before it starts. Every part has a default. A builder builds one
  /// Runhook.
  public static final class Builder {
    private final Optional<DataSource> dataSource;
    private final Optional<Transactor> transactor;
    private Optional<Transport> transport = Optional.empty();
    private UnaryOperator<Transport> transportWrapper = UnaryOperator.identity();
    private Optional<Executor> attempts = Optional.empty();
    private Optional<Executor> transactions = Optional.empty();
    private AccountId account = new AccountId("default");
    private EgressPolicy egressPolicy = new EgressPolicy(List.of());
    private SecretCipher cipher = SecretCipher.none();
    private DispatchConfig dispatchConfig = DispatchConfig.defaults();
    private final List<DispatchObserver> observers = new ArrayList<>();
    private PayloadRenderer renderer = new JsonPayloadRenderer();
    private IdGenerator ids = new UuidV7IdGenerator();
    private InstantSource clock = InstantSource.system();
    private LongSupplier ticker = System::nanoTime;
    private Duration retention = Duration.ofDays(30);
    private Duration laggingAfter = LagMonitor.DEFAULT_LAG;
    private String userAgent = "Runhook (embedded)";
    private HostTransactions host = HostTransactions.none();
    private Optional<RunhookMetrics> metrics = Optional.empty();
    private boolean sendsDeliveries = true;
    private BucketSchema schema = BucketSchema.ONLY;
    private boolean migrates = true;

    private Builder(Optional<DataSource> dataSource, Optional<Transactor> transactor) {
      this.dataSource = dataSource;
      this.transactor = transactor;
    }

    /// The PostgreSQL schema with the tables, `runhook` by default. Services that share a database
    /// but use different schemas do not see each other: each has its own runs, webhooks and
    /// deliveries, and is woken by its own processes only.
    ///
    /// @param name such as `runhook_billing`
    /// @throws IllegalArgumentException if it is not `runhook_` and up to 40 of a-z, 0-9 and _, or
    ///   ends like the schemas of a server with several buckets
    public Builder schema(String name) {
      schema = BucketSchema.named(name);
      return this;
    }

    /// Whether the start creates and updates the tables. If not, it only checks their version, and
    /// an administrator runs [Runhook#migrations]. The default is `true`.
    public Builder migrate(boolean migrate) {
      migrates = migrate;
      return this;
    }

    /// The account of the service's stacks, which is part of every payload. The default is
    /// `default`.
    public Builder account(String name) {
      account = new AccountId(name);
      return this;
    }

    /// Allows webhooks to call these private networks, such as `10.1.0.0/16`. By default, only
    /// public addresses may be called, and none of this machine's own.
    public Builder allowedNetworks(String... networks) {
      return egressPolicy(new EgressPolicy(Stream.of(networks).map(Network::parse).toList()));
    }

    /// Decides which addresses webhooks may call. This machine's own are denied, too, unless the
    /// policy allows their networks.
    public Builder egressPolicy(EgressPolicy policy) {
      egressPolicy = policy;
      return this;
    }

    /// Encrypts secrets and header values in the database. By default, they are stored in
    /// plaintext.
    ///
    /// @param key 32 random bytes in base64 or hex
    public Builder encryptionKey(String key) {
      return cipher(new SecretCipher(Optional.of(EncryptionKey.parse(key)), List.of()));
    }

    /// Encrypts secrets and header values in the database. The cipher can also decrypt with keys
    /// that were replaced.
    public Builder cipher(SecretCipher secretCipher) {
      cipher = secretCipher;
      return this;
    }

    /// Sets timeout, retry schedule, pauses and limits.
    public Builder dispatchConfig(DispatchConfig config) {
      dispatchConfig = config;
      return this;
    }

    /// How long deliveries to an active webhook may be due before the event `queue_lagging` is
    /// sent. At least one second; the default is 5 minutes.
    public Builder laggingAfter(Duration lag) {
      laggingAfter = lag;
      return this;
    }

    /// Adds a receiver of attempts, health changes and errors.
    public Builder observer(DispatchObserver dispatchObserver) {
      observers.add(dispatchObserver);
      return this;
    }

    /// Renders payloads.
    public Builder renderer(PayloadRenderer payloadRenderer) {
      renderer = payloadRenderer;
      return this;
    }

    /// Generates ids. They must increase with time, like UUIDv7.
    public Builder ids(IdGenerator idGenerator) {
      ids = idGenerator;
      return this;
    }

    /// Sends requests. You close it. By default, requests go out over HTTP.
    public Builder transport(Transport requestTransport) {
      transport = Optional.of(requestTransport);
      return this;
    }

    /// Changes requests on their way to the transport, such as by adding a header. The last call
    /// sees them first.
    ///
    /// @param wrapper returns a transport that sends through its argument
    public Builder wrapTransport(UnaryOperator<Transport> wrapper) {
      UnaryOperator<Transport> inner = transportWrapper;
      transportWrapper = transport -> wrapper.apply(inner.apply(transport));
      return this;
    }

    /// @param monotonicTicker returns monotonic nanoseconds, like [System#nanoTime]
    public Builder clock(InstantSource wallClock, LongSupplier monotonicTicker) {
      clock = wallClock;
      ticker = monotonicTicker;
      return this;
    }

    /// Runs attempts, one per thread. You close it. By default, each gets a virtual thread.
    public Builder executor(Executor attemptExecutor) {
      attempts = Optional.of(attemptExecutor);
      return this;
    }

    /// Runs attempts and transactions on the threads that call Runhook, so that a test sees all
    /// effects when a call returns.
    public Builder onCallingThread() {
      transactions = Optional.of(Runnable::run);
      return executor(Runnable::run);
    }

    /// How long events, deliveries and attempts are stored. The default is 30 days.
    public Builder retention(Duration keep) {
      retention = keep;
      return this;
    }

    /// The product in the `User-Agent` header of deliveries.
    public Builder userAgent(String product) {
      userAgent = product;
      return this;
    }

    /// Measures transitions, attempts, webhooks and what is open in the database.
    public Builder metrics(RunhookMetrics measured) {
      metrics = Optional.of(measured);
      return observer(measured.ofAttempts());
    }

    /// Lets `start` and `record` of the journal join the transaction that the calling thread is in,
    /// and sends what they have recorded after its commit.
    ///
    /// @param current returns the connection of that transaction; empty if there is none
    /// @param afterCommit runs its argument after the commit of that transaction
    public Builder joining(Supplier<Optional<Connection>> current, Consumer<Runnable> afterCommit) {
      return joining(
          new HostTransactions() {
            @Override
            public Optional<UnitOfWork> current() {
              return current.get().map(connection -> JdbiUnitOfWork.joining(connection, schema));
            }

            @Override
            public void afterCommit(Runnable action) {
              afterCommit.accept(action);
            }
          });
    }

    /// Joins transactions like the other method, in a store other than a PostgreSQL database.
    public Builder joining(HostTransactions transactions) {
      host = transactions;
      return this;
    }

    private JournalDependencies journal() {
      List<JournalObserver> recorded =
          metrics.stream().<JournalObserver>map(RunhookMetrics::ofTransitions).toList();
      return new JournalDependencies(renderer, ids, clock).withHost(host).withObservers(recorded);
    }

    /// Only records. Another process sends, and is woken by PostgreSQL's NOTIFY.
    public Builder recordOnly() {
      sendsDeliveries = false;
      return this;
    }

    /// Creates or updates the tables, and starts to send. If another process has other networks or
    /// another encryption key, this is logged.
    ///
    /// @throws dev.runhook.application.spi.StoreUnavailableException if the database cannot be
    ///   reached
    /// @throws dev.runhook.persistence.schema.UnusableDatabaseException if PostgreSQL's JDBC driver
    ///   is missing, if the tables cannot be created, updated or used, or if the data source
    ///   provides too few connections; the message says what to do
    public Runhook start() {
      Runhook runhook = build();
      try {
        runhook.start();
        return runhook;
      } catch (RuntimeException | Error e) {
        runhook.close();
        throw e;
      }
    }

    /// Builds Runhook without starting anything. Tests can then poll by [Runhook#dispatcher], with
    /// [#onCallingThread], and see all effects when the poll returns.
    public Runhook build() {
      return new Runhook(this);
    }
  }
}
