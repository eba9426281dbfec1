package dev.runhook.testkit;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.testkit.contract.transport.DispatchObserverContract;

class RecordingObserverTest implements DispatchObserverContract {
  @Override
  public DispatchObserver observer() {
    return new RecordingObserver();
  }
}
