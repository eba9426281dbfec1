package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Encryption of stored secrets, as an operator manages it.
class SecretEncryptionIT {
  private static final String KEY = "RUNHOOK_ENCRYPTION_KEY";
  private static final String PREVIOUS = "RUNHOOK_ENCRYPTION_KEY_PREVIOUS";
  private static final String FIRST = "0a".repeat(32);
  private static final String SECOND = "CwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCws=";
  private static final String SECRET = RecordingReceiver.SECRET;
  private static final String HEADER = "key-of-a-receiver-7f3a";

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    installation =
        ServerInstallation.withPreparedDatabase(
            folder,
            Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8", "RUNHOOK_RETRY_SCHEDULE", "200ms"));
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void secrets_are_encrypted_and_reencrypted_and_deliveries_without_a_key_fail() throws Exception {
    RunhookProcess plain = serve(Map.of());
    ApiClient client = installation.client(plain);
    client.putStack("networking");
    String webhook = client.createWebhook("networking", "http://127.0.0.1:9/a", SECRET);
    String path = "/stacks/networking/webhooks/" + webhook;
    client.patch(path, "{\"headers\":{\"X-Api-Key\":\"" + HEADER + "\"}}").requireSuccess();
    assertThat(plain.err().find(Pattern.compile(" WARN .*RUNHOOK_ENCRYPTION_KEY"))).hasSize(1);
    assertThat(storedRows()).contains(SECRET, HEADER);
    assertThat(client.get(path + "/secret").json().path("secret").asText()).isEqualTo(SECRET);
    plain.awaitLogLine(Pattern.compile("secret read .*webhook=\"" + webhook));

    assertThat(rotate(Map.of(KEY, FIRST)))
        .isEqualTo("webhooks encrypted: 1; previously unencrypted: 1");
    assertThat(storedRows()).doesNotContain(SECRET);
    assertThat(storedRows()).doesNotContain(HEADER);
    assertThat(client.get(path + "/secret").status()).isEqualTo(409);
    assertThat(plain.terminate()).isZero();

    RunhookProcess second = serve(Map.of(KEY, SECOND));
    second.awaitLogLine(Pattern.compile("encrypted with an unknown key"));
    client = installation.client(second);
    ApiClient.Response unreadable = client.get(path);
    assertThat(unreadable.status()).isEqualTo(200);
    assertThat(client.get(path + "/secret").status()).isEqualTo(409);
    assertThat(unreadable.json().path("headers").isNull()).isTrue();
    assertThat(unreadable.json().path("decryptionErrors").toString())
        .contains("the secret of webhook " + webhook, "the headers of webhook " + webhook)
        .contains("configure that encryption key");
    assertThat(client.get("/stacks/networking/webhooks").json().at("/items/0"))
        .isEqualTo(unreadable.json());
    JsonNode details = failDelivery(client, path);
    assertThat(details.at("/attempts/0/outcome").asText()).isEqualTo("INTERNAL_ERROR");
    assertThat(details.at("/attempts/0/error").asText()).contains("is encrypted with key ");
    assertThat(details.at("/request/headers").has("X-Signature-256")).isFalse();
    try (RecordingReceiver receiver = RecordingReceiver.accepting()) {
      String other = client.createWebhook("networking", receiver.url(), SECRET);
      client.post("/stacks/networking/webhooks/" + other + "/ping", "").requireSuccess();
      await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.count() == 1);
    }
    assertThat(second.terminate()).isZero();

    assertThat(rotate(Map.of(KEY, SECOND, PREVIOUS, FIRST)))
        .isEqualTo("webhooks encrypted: 1; previously unencrypted: 0");
    RunhookProcess last = serve(Map.of(KEY, SECOND));
    ApiClient again = installation.client(last);
    assertThat(again.get(path + "/secret").json().path("secret").asText()).isEqualTo(SECRET);
    assertThat(again.get(path + "/headers").json().at("/headers/X-Api-Key").asText())
        .isEqualTo(HEADER);
    assertThat(last.err().find(Pattern.compile("EncryptionStatus"))).isEmpty();
    for (RunhookProcess process : new RunhookProcess[] {plain, second, last}) {
      assertThat(process.allOutput()).doesNotContain(SECRET, HEADER).doesNotContain(FIRST, SECOND);
    }
  }

  @Test
  void an_invalid_key_is_reported_without_echoing_it() {
    RunhookProcess serve = installation.start(Map.of(KEY, "hush"), "serve");
    RunhookProcess rotate = installation.start(Map.of(), "secrets", "rotate");

    assertThat(serve.awaitExit()).isEqualTo(2);
    assertThat(serve.err().lines())
        .singleElement()
        .asString()
        .startsWith("runhook: RUNHOOK_ENCRYPTION_KEY must be 32 random bytes in base64 or hex")
        .doesNotContain("hush");
    assertThat(rotate.awaitExit()).isEqualTo(2);
    assertThat(rotate.err().lines())
        .singleElement()
        .asString()
        .startsWith("runhook: RUNHOOK_ENCRYPTION_KEY is not set");
  }

  private RunhookProcess serve(Map<String, String> keys) {
    return installation.start(keys, "serve").awaitReady();
  }

  private String rotate(Map<String, String> keys) {
    RunhookProcess process = installation.start(keys, "secrets", "rotate");
    assertThat(process.awaitExit()).as(process.allOutput()).isZero();
    return process.out().text();
  }

  private JsonNode failDelivery(ApiClient client, String path) throws IOException {
    String delivery = client.post(path + "/ping", "").requireSuccess().json().path("id").asText();
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> client.get("/deliveries/" + delivery).json().at("/attempts/0").isObject());
    return client.get("/deliveries/" + delivery).json();
  }

  private String storedRows() throws SQLException {
    try (Connection connection = DriverManager.getConnection(installation.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select w::text from runhook.webhook w union all select r::text from"
                    + " runhook.webhook_revision r")) {
      StringBuilder all = new StringBuilder();
      while (rows.next()) {
        all.append(rows.getString(1));
      }
      return all.toString();
    }
  }
}
