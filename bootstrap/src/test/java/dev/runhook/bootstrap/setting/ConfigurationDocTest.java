package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.testkit.Prerequisite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Compares the table of settings in the documentation with the settings. It can also write the
/// table.
class ConfigurationDocTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
  private static final String BEGIN = "<!-- settings: written by ConfigurationDocTest -->\n";
  private static final String END = "<!-- end of settings -->\n";
  private static final String HOW =
      "docs/configuration.md does not match the settings; regenerate it: mvn -q test -pl bootstrap"
          + " -am -Dtest=ConfigurationDocTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dwrite.docs=true";

  @Test
  void the_table_matches_the_settings() throws IOException {
    Prerequisite.require(Files.exists(DOCUMENT), "no documentation in this checkout");
    String document = Files.readString(DOCUMENT);

    String expected = withTable(document, table());

    if (Boolean.getBoolean("write.docs")) {
      Files.writeString(DOCUMENT, expected);
    } else {
      assertThat(document).as(HOW).isEqualTo(expected);
    }
  }

  private static String withTable(String document, String table) {
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    assertThat(begin).as("position of the table").isPositive().isLessThan(end);
    return document.substring(0, begin + BEGIN.length()) + table + document.substring(end);
  }

  private static String table() {
    return "| variable | default | |\n|---|---|---|\n"
        + SettingDefinitions.ALL.stream()
            .map(ConfigurationDocTest::row)
            .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String row(Setting<?> setting) {
    String file = setting.kind().mayComeFromFile() ? " †" : "";
    String defaultValue =
        setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`";
    return "| `%s`%s | %s | %s |"
        .formatted(setting.variable(), file, defaultValue, setting.description());
  }
}
