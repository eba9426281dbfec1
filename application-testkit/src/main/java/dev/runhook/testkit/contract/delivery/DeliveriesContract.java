package dev.runhook.testkit.contract.delivery;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.fixture.Contract;

/// All requirements for stores of deliveries: lanes, claims, leases, completion and queries.
@Contract
public interface DeliveriesContract
    extends LanesContract,
        ClaimsContract,
        FairnessContract,
        LeasesContract,
        DirectLeasesContract,
        NextDueContract,
        DeliveryDetailsContract,
        DeliveryListContract,
        LateDeliveriesContract,
        FormatsContract,
        RedeliveryContract,
        PreviousVersionContract {
  @Override
  Transactor transactor();
}
