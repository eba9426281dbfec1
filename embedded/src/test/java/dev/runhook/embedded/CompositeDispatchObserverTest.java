package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.delivery.DispatchObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompositeDispatchObserverTest {
  @Test
  void an_observer_that_throws_affects_no_other() {
    AtomicInteger omitted = new AtomicInteger();
    DispatchObserver exception =
        new DispatchObserver() {
          @Override
          public void onEventsOmitted(int count) {
            throw new IllegalStateException("expected by the test");
          }
        };
    DispatchObserver error =
        new DispatchObserver() {
          @Override
          public void onEventsOmitted(int count) {
            throw new LinkageError("expected by the test");
          }
        };
    DispatchObserver counting =
        new DispatchObserver() {
          @Override
          public void onEventsOmitted(int count) {
            omitted.addAndGet(count);
          }
        };

    new CompositeDispatchObserver(List.of(exception, error, counting)).onEventsOmitted(3);

    assertThat(omitted).hasValue(3);
  }
}
