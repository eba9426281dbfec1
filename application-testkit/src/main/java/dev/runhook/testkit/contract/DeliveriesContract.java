package dev.runhook.testkit.contract;

import dev.runhook.application.spi.Transactor;

/// All requirements for stores of deliveries: lanes, claims, leases, completion and queries.
@Contract
public interface DeliveriesContract
    extends LanesContract,
        ClaimsContract,
        FairnessContract,
        ByteLimitsContract,
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
