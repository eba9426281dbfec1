package dev.runhook.persistence;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.ReadModelsContract;
import dev.runhook.testkit.contract.StoresContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class JdbiStoresTest implements StoresContract, ReadModelsContract {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Override
  public Transactor transactor() {
    return POSTGRES.transactor();
  }
}
