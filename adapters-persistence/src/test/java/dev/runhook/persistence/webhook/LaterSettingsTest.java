package dev.runhook.persistence.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Webhooks with settings that a later version has written, as while servers are updated.
class LaterSettingsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Test
  void nothing_is_sent_to_a_webhook_with_an_unknown_setting_and_others_are_read() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.addWebhook(unit, 1);
          StoreFixture.addWebhook(unit, 2);
        });
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.webhook set settings = '{\"onlyOnFridays\": true}' where endpoint ="
                    + " ?",
                Samples.endpoint(1).text()));

    List<Webhook> webhooks =
        POSTGRES
            .transactor()
            .inTransaction(unit -> unit.webhooks().findByStacks(List.of(Samples.DEMO)))
            .values()
            .iterator()
            .next();

    assertThat(webhooks.getFirst().decryptionErrors())
        .containsExactly(
            "this version does not know onlyOnFridays of the webhook; update this process, or edit"
                + " the webhook");
    assertThat(webhooks.getLast().decryptionErrors()).isEmpty();
  }
}
