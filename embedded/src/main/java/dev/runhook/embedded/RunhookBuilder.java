package dev.runhook.embedded;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.outbox.LagMonitor;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.secret.EncryptionKey;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// Replaces parts of [Runhook] before it starts. Every part has a default. A builder builds one
/// Runhook.
public final class RunhookBuilder {
  final Optional<DataSource> dataSource;
  final Optional<Transactor> transactor;
  Optional<Transport> transport = Optional.empty();
  Optional<Executor> executor = Optional.empty();
  AccountId account = new AccountId("default");
  EgressPolicy egressPolicy = new EgressPolicy(List.of());
  SecretCipher cipher = SecretCipher.none();
  DispatchConfig dispatchConfig = DispatchConfig.defaults();
  final List<DispatchObserver> observers = new ArrayList<>();
  PayloadRenderer renderer = new JsonPayloadRenderer();
  IdGenerator ids = new UuidV7IdGenerator();
  InstantSource clock = InstantSource.system();
  LongSupplier ticker = System::nanoTime;
  Duration retention = Duration.ofDays(30);
  Duration laggingAfter = LagMonitor.DEFAULT_LAG;
  String userAgent = "Runhook (embedded)";
  Supplier<Optional<UnitOfWork>> hostTransaction = Optional::empty;
  boolean sendsDeliveries = true;

  RunhookBuilder(DataSource dataSource) {
    this.dataSource = Optional.of(dataSource);
    this.transactor = Optional.empty();
  }

  RunhookBuilder(Transactor transactor) {
    this.dataSource = Optional.empty();
    this.transactor = Optional.of(transactor);
  }

  /// The account of the service's stacks, which is part of every payload. The default is `default`.
  public RunhookBuilder account(String name) {
    account = new AccountId(name);
    return this;
  }

  /// Allows webhooks to call these private networks, such as `10.1.0.0/16`. By default, only public
  /// addresses may be called.
  public RunhookBuilder allowedNetworks(String... networks) {
    return egressPolicy(new EgressPolicy(Stream.of(networks).map(Network::parse).toList()));
  }

  /// Decides which addresses webhooks may call.
  public RunhookBuilder egressPolicy(EgressPolicy policy) {
    egressPolicy = policy;
    return this;
  }

  /// Encrypts secrets and header values in the database. By default, they are stored in plaintext.
  ///
  /// @param key 32 random bytes in base64 or hex
  public RunhookBuilder encryptionKey(String key) {
    return cipher(new SecretCipher(Optional.of(EncryptionKey.parse(key)), List.of()));
  }

  /// Encrypts secrets and header values in the database. The cipher can also decrypt with keys that
  /// were replaced.
  public RunhookBuilder cipher(SecretCipher secretCipher) {
    cipher = secretCipher;
    return this;
  }

  /// Sets timeout, retry schedule, pauses and limits.
  public RunhookBuilder dispatchConfig(DispatchConfig config) {
    dispatchConfig = config;
    return this;
  }

  /// How long deliveries to an active webhook may be due before the event `queue_lagging` is sent.
  /// At least one second; the default is 5 minutes.
  public RunhookBuilder laggingAfter(Duration lag) {
    laggingAfter = lag;
    return this;
  }

  /// Adds a receiver of attempts, health changes and errors, such as [DispatchMetrics].
  public RunhookBuilder observer(DispatchObserver dispatchObserver) {
    observers.add(dispatchObserver);
    return this;
  }

  /// Renders payloads.
  public RunhookBuilder renderer(PayloadRenderer payloadRenderer) {
    renderer = payloadRenderer;
    return this;
  }

  /// Generates ids. They must increase with time, like UUIDv7.
  public RunhookBuilder ids(IdGenerator idGenerator) {
    ids = idGenerator;
    return this;
  }

  /// Sends requests. You close it. By default, requests go out over HTTP.
  public RunhookBuilder transport(Transport requestTransport) {
    transport = Optional.of(requestTransport);
    return this;
  }

  /// @param monotonicTicker returns monotonic nanoseconds, like [System#nanoTime]
  public RunhookBuilder clock(InstantSource wallClock, LongSupplier monotonicTicker) {
    clock = wallClock;
    ticker = monotonicTicker;
    return this;
  }

  /// Runs attempts, one per thread. You close it. By default, each gets a virtual thread.
  public RunhookBuilder executor(Executor attemptExecutor) {
    executor = Optional.of(attemptExecutor);
    return this;
  }

  /// How long events, deliveries and attempts are stored. The default is 30 days.
  public RunhookBuilder retention(Duration keep) {
    retention = keep;
    return this;
  }

  /// The product in the `User-Agent` header of deliveries.
  public RunhookBuilder userAgent(String product) {
    userAgent = product;
    return this;
  }

  /// Lets `start` and `record` of the journal join the transaction that the calling thread is in.
  ///
  /// @param current returns the unit of that transaction; empty if there is none
  public RunhookBuilder joining(Supplier<Optional<UnitOfWork>> current) {
    hostTransaction = current;
    return this;
  }

  /// Only records. Another process sends, and is woken by PostgreSQL's NOTIFY.
  public RunhookBuilder recordOnly() {
    sendsDeliveries = false;
    return this;
  }

  /// Creates or updates the tables, and starts to send.
  ///
  /// @throws dev.runhook.application.spi.StoreUnavailableException if the database cannot be
  ///   reached
  /// @throws dev.runhook.persistence.schema.UnusableDatabaseException if the tables cannot be
  ///   created or updated, or if the data source provides too few connections; the message says
  ///   what to do
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

  /// Builds Runhook without starting anything. Tests can then poll by [Runhook#dispatcher], with an
  /// executor such as `Runnable::run`, and see all effects when the poll returns.
  public Runhook build() {
    return new Runhook(this);
  }
}
