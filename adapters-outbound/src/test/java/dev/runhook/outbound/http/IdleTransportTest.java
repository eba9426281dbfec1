package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.delivery.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A host decides when there are threads of ours: those of a transport come with its first post.
class IdleTransportTest {
  @Test
  void a_transport_that_has_posted_nothing_has_started_nothing_of_ours()
      throws InterruptedException {
    List<String> before = LeakedThreads.ofTransports();

    try (HttpTransport transport =
            new HttpTransport(
                TransportSettings.of(TransportFixture.LOOPBACK), TransportFixture.CLOCK);
        TransportFixture transportFixture = new TransportFixture(transport)) {
      List<String> idle = ours();
      Outcome outcome = transportFixture.post("http://localhost:9/discard");

      assertThat(idle).isEqualTo(before);
      assertThat(ours()).hasSizeGreaterThan(before.size());
      assertThat(outcome).isInstanceOf(Outcome.NoResponse.class);
    }
    assertThat(LeakedThreads.ofTransports()).isEqualTo(before);
  }

  private static List<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("runhook-"))
        .toList();
  }
}
