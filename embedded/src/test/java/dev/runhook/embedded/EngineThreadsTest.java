package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineThreadsTest {
  @Test
  void attempts_run_on_virtual_threads_and_shared_transactions_on_platform_threads()
      throws Exception {
    try (EngineThreads threads = new EngineThreads()) {
      assertThat(threadOf(threads.attempts()).isVirtual()).isTrue();
      assertThat(threadOf(threads.transactions()).isVirtual()).isFalse();
    }
  }

  private static Thread threadOf(Executor executor) throws Exception {
    return CompletableFuture.supplyAsync(Thread::currentThread, executor).get(20, TimeUnit.SECONDS);
  }
}
