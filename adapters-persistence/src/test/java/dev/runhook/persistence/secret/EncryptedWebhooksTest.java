package dev.runhook.persistence.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.testkit.contract.delivery.ClaimsContract;
import dev.runhook.testkit.contract.delivery.DeliveryDetailsContract;
import dev.runhook.testkit.contract.webhook.AccountWebhooksContract;
import dev.runhook.testkit.contract.webhook.WebhooksContract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Runs contracts of webhooks, claims and delivery details with encrypted secrets and headers.
class EncryptedWebhooksTest
    implements WebhooksContract, AccountWebhooksContract, ClaimsContract, DeliveryDetailsContract {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();
  private static final EncryptionKey KEY = EncryptionKey.parse("0a".repeat(32));

  @Override
  public Transactor transactor() {
    return new JdbiTransactor(POSTGRES.pool(), new SecretCipher(Optional.of(KEY), List.of()));
  }

  @AfterAll
  static void no_secret_was_stored_as_plaintext() {
    assertThat(POSTGRES.count("select count(*) from runhook.webhook")).isPositive();
    // a deleted webhook keeps only the names of its headers
    String plainSecret = "select count(*) from runhook.webhook where secret_key_id is null";
    assertThat(POSTGRES.count(plainSecret + " and secret <> ''")).isZero();
    String accountSecrets = "select count(*) from runhook.account_webhook where secret <> ''";
    assertThat(POSTGRES.count(accountSecrets)).isPositive();
    assertThat(POSTGRES.count(accountSecrets + " and secret_key_id is null")).isZero();
    for (String table : List.of("webhook", "webhook_revision", "account_webhook")) {
      String withHeaders = "select count(*) from runhook." + table + " where header_names <> '{}'";
      assertThat(POSTGRES.count(withHeaders)).isPositive();
      String plainHeaders = withHeaders + " and header_key_id is null";
      assertThat(POSTGRES.count(plainHeaders + " and array_to_string(header_values, '') <> ''"))
          .isZero();
      assertThat(POSTGRES.count(withHeaders + " and header_values::text ~ 'one|two|three|Bearer'"))
          .isZero();
    }
  }
}
