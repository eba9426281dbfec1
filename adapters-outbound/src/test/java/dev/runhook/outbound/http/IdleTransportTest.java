package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A host decides when threads start: a transport starts its threads with the first post.
class IdleTransportTest {
  @Test
  void a_transport_starts_no_threads_before_its_first_post() throws InterruptedException {
    List<String> before = LeakedThreads.ofTransports();

    try (HttpTransport transport =
            new HttpTransport(
                TransportSettings.of(TransportFixture.LOOPBACK), TransportFixture.CLOCK);
        TransportFixture fixture = new TransportFixture(transport)) {
      List<String> idle = runhookThreads();
      Outcome outcome = fixture.post("http://localhost:9/discard");

      assertThat(idle).isEqualTo(before);
      assertThat(runhookThreads()).hasSizeGreaterThan(before.size());
      assertThat(outcome).isInstanceOf(Outcome.NoResponse.class);
    }
    assertThat(LeakedThreads.ofTransports()).isEqualTo(before);
  }

  private static List<String> runhookThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("runhook-"))
        .toList();
  }
}
