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
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;

/// What an embedded Runhook is made of. Every part has a default, which [Runhook.Builder] replaces.
final class RunhookParts {
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

  RunhookParts(Optional<DataSource> dataSource, Optional<Transactor> transactor) {
    this.dataSource = dataSource;
    this.transactor = transactor;
  }
}
