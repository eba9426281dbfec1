package dev.runhook.bootstrap;

import com.github.f4b6a3.ulid.UlidCreator;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.IdSource;
import java.util.UUID;

/// Ids from the well-known creators of UUIDv7 and ULID.
final class Ids implements IdSource {
  @Override
  public UUID next() {
    return UuidCreator.getTimeOrderedEpochPlus1();
  }

  @Override
  public String nextRunName() {
    return UlidCreator.getMonotonicUlid().toString();
  }
}
