package dev.runhook.bench.work;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.application.spi.IdSource;
import java.util.UUID;

/// UUIDv7, as the product has them.
public final class Ids implements IdSource {
  @Override
  public UUID next() {
    return UuidCreator.getTimeOrderedEpochPlus1();
  }

  @Override
  public String nextRunName() {
    return next().toString();
  }
}
