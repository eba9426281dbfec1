package dev.runhook.bootstrap.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SetupFileTest {
  @Test
  void the_published_schema_has_the_fields_of_the_file() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Path.of("..", "docs", "setup.schema.json").toFile());

    assertThat(fields(schema)).containsExactlyInAnyOrderElementsOf(SetupFile.ROOT);
    assertThat(fields(schema.at("/$defs/stack")))
        .containsExactlyInAnyOrderElementsOf(SetupFile.STACK);
    assertThat(fields(schema.at("/$defs/webhookFields")))
        .containsExactlyInAnyOrderElementsOf(WebhookSetup.FIELDS);
    assertThat(fields(schema.at("/$defs/token")))
        .containsExactlyInAnyOrderElementsOf(TokenSetup.FIELDS);
    JsonNode accountWebhook = schema.at("/properties/accountWebhooks/items");
    assertThat(
            Stream.concat(
                fields(schema.at("/$defs/webhookFields")).stream(),
                fields(accountWebhook).stream()))
        .containsExactlyInAnyOrderElementsOf(WebhookSetup.ACCOUNT_FIELDS);
    assertThat(fields(accountWebhook.at("/properties/selector")))
        .containsExactlyInAnyOrderElementsOf(WebhookSetup.SELECTOR_FIELDS);
  }

  private static List<String> fields(JsonNode schema) {
    return schema.path("properties").properties().stream().map(Map.Entry::getKey).toList();
  }
}
