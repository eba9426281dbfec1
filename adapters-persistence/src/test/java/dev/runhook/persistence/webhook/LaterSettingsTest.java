package dev.runhook.persistence.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import dev.runhook.testkit.Samples;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Webhooks with settings that a later version has written, as while servers are updated.
class LaterSettingsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeEach
  void addWebhooks() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("delete from runhook.webhook"));
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          StoreFixture.addWebhook(unit, 1);
          StoreFixture.addWebhook(unit, 2);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"onlyOnFridays": true}           | onlyOnFridays
          {"format": "xml", "template": ""} | format, template
          {"template": "{}"}                | template
          {"delta": "some", "states": 3}    | delta, states
          {"states": [3], "timeout": "PT9H"}| states, timeout
          """)
  void nothing_is_sent_to_a_webhook_with_a_setting_of_a_later_version_and_others_are_read(
      String stored, String unreadable) {
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update runhook.webhook set settings = ?::jsonb where endpoint = ?",
                stored,
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
            "this version cannot read the settings %s of the webhook; update this process, or edit the webhook"
                .formatted(unreadable));
    assertThat(webhooks.getLast().decryptionErrors()).isEmpty();
  }
}
