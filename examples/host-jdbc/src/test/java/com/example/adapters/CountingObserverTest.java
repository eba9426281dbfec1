package com.example.adapters;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.testkit.contract.transport.DispatchObserverContract;

class CountingObserverTest implements DispatchObserverContract {
  @Override
  public DispatchObserver observer() {
    return new CountingObserver();
  }
}
