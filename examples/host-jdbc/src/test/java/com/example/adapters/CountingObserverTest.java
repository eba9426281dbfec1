package com.example.adapters;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.testkit.contract.DispatchObserverContract;

class CountingObserverTest implements DispatchObserverContract {
  @Override
  public DispatchObserver observer() {
    return new CountingObserver();
  }
}
