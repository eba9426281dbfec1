package com.example.builds;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.Transport;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/// The adapters that Runhook needs. Each can be replaced, for example in tests.
///
/// @param ticker returns monotonic nanoseconds, like [System#nanoTime]
/// @param executor runs attempts, one per thread
public record Adapters(
    Transactor store,
    Transport transport,
    PayloadRenderer renderer,
    IdGenerator ids,
    InstantSource clock,
    LongSupplier ticker,
    Executor executor) {
  /// PostgreSQL, HTTP and the system clock.
  static Adapters production(DataSource database, HttpTransport transport, Executor executor) {
    return new Adapters(
        new JdbiTransactor(database),
        transport,
        new JsonPayloadRenderer(),
        new Ids(),
        InstantSource.system(),
        System::nanoTime,
        executor);
  }

  private static final class Ids implements IdGenerator {
    @Override
    public UUID next() {
      return UuidCreator.getTimeOrderedEpochPlus1();
    }

    @Override
    public String nextRunName() {
      return next().toString(); // not used because builds have their own names
    }
  }
}
