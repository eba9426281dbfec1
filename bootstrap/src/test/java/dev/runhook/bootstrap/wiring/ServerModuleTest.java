package dev.runhook.bootstrap.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;

class ServerModuleTest {
  @Test
  void shared_transactions_run_on_platform_threads() throws Exception {
    try (ExecutorService transactions = ServerModule.transactions()) {
      assertThat(transactions.submit(Thread::currentThread).get().isVirtual()).isFalse();
    }
  }
}
