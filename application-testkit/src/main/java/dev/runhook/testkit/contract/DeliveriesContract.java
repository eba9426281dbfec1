package dev.runhook.testkit.contract;

import dev.runhook.application.spi.Transactor;

/// What a store does with deliveries: their lanes, who may take them, what becomes of them, and
/// what people see of all that.
@Contract
public interface DeliveriesContract
    extends LanesContract,
        ClaimsContract,
        FairnessContract,
        LeasesContract,
        NextDueContract,
        DeliveryDetailsContract,
        DeliveryListContract,
        RedeliveryContract,
        PreviousVersionContract {
  @Override
  Transactor transactor();
}
