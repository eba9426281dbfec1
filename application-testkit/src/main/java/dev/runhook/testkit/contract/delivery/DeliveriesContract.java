package dev.runhook.testkit.contract.delivery;

import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.fixture.Contract;

/// All requirements for the path of deliveries: lanes, claims, leases, completion and details.
@Contract
public interface DeliveriesContract
    extends LanesContract,
        OperationalLanesContract,
        ClaimsContract,
        FairnessContract,
        RatesContract,
        CollapseContract,
        LeasesContract,
        DirectLeasesContract,
        NextDueContract,
        DeliveryDetailsContract,
        DeliveryPhasesContract,
        FormatsContract,
        PreviousVersionContract {
  @Override
  Transactor transactor();
}
