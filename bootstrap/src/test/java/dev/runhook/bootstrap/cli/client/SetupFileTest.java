package dev.runhook.bootstrap.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SetupFileTest {
  @Test
  void the_published_schema_has_the_fields_of_the_file() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Path.of("..", "docs", "setup.schema.json").toFile());

    assertThat(fields(schema)).containsExactlyInAnyOrderElementsOf(SetupFile.ROOT);
    assertThat(fields(schema.at("/$defs/stack")))
        .containsExactlyInAnyOrderElementsOf(SetupFile.STACK);
    assertThat(fields(schema.at("/$defs/webhook")))
        .containsExactlyInAnyOrderElementsOf(SetupFile.WEBHOOK);
    assertThat(fields(schema.at("/$defs/token")))
        .containsExactlyInAnyOrderElementsOf(TokenSetup.FIELDS);
  }

  private static List<String> fields(JsonNode schema) {
    return schema.path("properties").properties().stream().map(Map.Entry::getKey).toList();
  }
}
