package dev.runhook.bootstrap.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;

class ServerModuleTest {
  @Test
  void reports_are_recorded_on_platform_threads() throws Exception {
    try (ExecutorService recorder = ServerModule.recorder()) {
      assertThat(recorder.submit(Thread::currentThread).get().isVirtual()).isFalse();
    }
  }
}
