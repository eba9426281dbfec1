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

/// All that Runhook needs from outside. Each may be swapped for another.
///
/// @param executor runs attempts, one thread each
/// @param ticker nanoseconds that only grow
public record Adapters(
    Transactor store,
    Transport transport,
    PayloadRenderer renderer,
    IdGenerator ids,
    InstantSource clock,
    LongSupplier ticker,
    Executor executor) {
  /// PostgreSQL, HTTP and the time of day.
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
      return next().toString(); // builds come with names of their own
    }
  }
}
