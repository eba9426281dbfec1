package dev.runhook.bench.load;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.IdGenerator;
import java.util.UUID;

/// Generates UUIDv7, like the server.
public final class UuidV7Ids implements IdGenerator {
  @Override
  public UUID next() {
    return UuidCreator.getTimeOrderedEpochPlus1();
  }

  @Override
  public String nextRunName() {
    return next().toString();
  }
}
