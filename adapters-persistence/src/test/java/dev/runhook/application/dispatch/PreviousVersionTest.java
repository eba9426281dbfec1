package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.testkit.ApplicationFixture;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreviousVersionTest {
  private final ApplicationFixture app = new ApplicationFixture();

  @Test
  void each_delivery_names_the_previous_version_except_the_first_of_a_run() {
    Webhook webhook = app.createWebhook(1);

    RunId run = app.startRun("run-1");
    app.record(run, RunState.PREPARING, RunState.INITIALIZING);

    assertThat(previousVersions(webhook))
        .containsExactly(Optional.empty(), Optional.of("1"), Optional.of("2"));
  }

  @Test
  void the_first_delivery_to_a_new_webhook_has_no_previous_version() {
    RunId run = app.startRun("run-1");
    Webhook late = app.createWebhook(1);

    app.record(run, RunState.PREPARING, RunState.INITIALIZING);

    assertThat(previousVersions(late)).containsExactly(Optional.empty(), Optional.of("2"));
  }

  private List<Optional<String>> previousVersions(Webhook webhook) {
    return app.transport.requestsTo(webhook.settings().endpoint()).stream()
        .map(request ->
            request.headers().stream()
                .filter(header -> header.name().equals("X-Runhook-Previous-Version"))
                .map(Header::value)
                .findFirst())
        .toList();
  }
}
