package dev.runhook.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LargeBodiesTest {
  private final LargeBodies bodies = new LargeBodies();

  @AfterEach
  void close() {
    bodies.close();
  }

  @Test
  void only_the_work_for_a_large_body_leaves_the_thread_of_the_request() {
    assertThat(bodies.run(new byte[100], Thread::currentThread)).isSameAs(Thread.currentThread());
    assertThat(bodies.run(new byte[100_000], Thread::currentThread).isVirtual()).isFalse();
  }
}
