package dev.runhook.bootstrap.cli.client;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.ResourceChanges;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerraformPlanTest {
  @TempDir private Path folder;

  private Path file(String json) throws IOException {
    return Files.writeString(folder.resolve("plan.json"), json);
  }

  private TerraformPlan read(String json) throws IOException {
    return TerraformPlan.read(file(json), true);
  }

  private static String plan(String... changes) {
    return "{\"format_version\":\"1.2\",\"resource_changes\":[%s]}"
        .formatted(String.join(",", changes));
  }

  private static String change(String address, String mode, String actions) {
    return """
    {"address":"%s","mode":"%s","type":"aws_instance","name":"a","provider_name":"p",
     "change":{"actions":[%s],"before":{"actions":["delete"],"address":"x"},"after":{"type":"y"}}}
    """
        .formatted(address, mode, actions);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"create\"            | CREATE",
        "\"update\"            | UPDATE",
        "\"delete\"            | DELETE",
        "\"delete\",\"create\" | REPLACE",
        "\"create\",\"delete\" | REPLACE",
        "\"create\",\"forget\" | CREATE",
        "\"no-op\"             |",
        "\"read\"              |",
        "\"forget\"            |",
      })
  void the_actions_of_a_resource_are_one_change_or_none(String actions, Action expected)
      throws IOException {
    TerraformPlan plan = read(plan(change("aws_instance.a", "managed", actions)));

    assertThat(plan.changes().items())
        .isEqualTo(
            expected == null
                ? List.of()
                : List.of(new ResourceChange("aws_instance.a", "aws_instance", expected)));
    assertThat(plan.changes().truncated()).isFalse();
  }

  @Test
  void data_sources_are_not_counted_and_all_other_resources_that_remain_are() throws IOException {
    TerraformPlan plan =
        read(
            plan(
                change("data.aws_ami.a", "data", "\"read\""),
                change("aws_instance.a", "managed", "\"no-op\""),
                change("aws_instance.b", "managed", "\"delete\",\"create\""),
                change("aws_instance.c", "managed", "\"delete\""),
                change("aws_instance.d", "managed", "\"create\""),
                change("aws_instance.e", "managed", "\"update\"")));

    assertThat(plan.delta()).isEqualTo(new Delta(2, 1, 2, 4));
    assertThat(plan.changes().items())
        .extracting(ResourceChange::address)
        .containsExactly("aws_instance.b", "aws_instance.c", "aws_instance.d", "aws_instance.e");
  }

  @Test
  void a_long_list_keeps_what_is_destroyed() throws IOException {
    String[] changes =
        IntStream.range(0, 1_002)
            .mapToObj(i ->
                change(
                    "aws_instance.a[%d]".formatted(i),
                    "managed",
                    i < 1_000 ? "\"create\"" : "\"delete\""))
            .toArray(String[]::new);

    TerraformPlan plan = read(plan(changes));

    assertThat(plan.delta()).isEqualTo(new Delta(1_000, 0, 2, 1_000));
    assertThat(plan.changes().truncated()).isTrue();
    assertThat(plan.changes().items()).hasSize(ResourceChanges.MAX);
    assertThat(plan.changes().items().get(1).address()).isEqualTo("aws_instance.a[1001]");
  }

  @Test
  void an_address_is_shortened_and_printable() throws IOException {
    String address = "aws_instance.a[\\\"\\u202e" + "x".repeat(2_000) + "\\\"]";

    List<ResourceChange> changes =
        read(plan(change(address, "managed", "\"delete\""))).changes().items();

    assertThat(changes.getFirst().address())
        .hasSize(ResourceChange.MAX_ADDRESS)
        .startsWith("aws_instance.a[\"x");
  }

  @Test
  void sensitive_values_are_found_wherever_they_are_marked() throws IOException {
    TerraformPlan plan =
        read(
            """
            {"variables":{"pw":{"value":"variable-secret"},"region":{"value":"public-0"}},
             "planned_values":{"outputs":{"key":{"sensitive":true,"value":{"a":["output-secret"]}},
                                          "ip":{"sensitive":false,"value":"public-1"}},
               "root_module":{"child_modules":[{"resources":[{"address":"a.b",
                 "values":{"pw":"child-secret","name":"public-2"},"sensitive_values":{"pw":true}}]}]}},
             "resource_changes":[{"address":"a.b","mode":"managed","type":"a","change":{"actions":["update"],
               "before":{"pw":"old-secret","list":[{"k":"public-3"},{"k":"list-secret"}],"n":1234567},
               "after":{"pw":"new-secret","all":{"x":{"y":"deep-secret"}}},
               "before_sensitive":{"pw":true,"list":[{},{"k":true}],"n":true},
               "after_sensitive":{"pw":true,"all":true}}}],
             "output_changes":{"key":{"actions":["create"],"before":null,"after":"after-secret",
               "before_sensitive":false,"after_sensitive":true}},
             "configuration":{"root_module":{"variables":{"pw":{"sensitive":true,"default":"default-secret"},
               "region":{}}}}}
            """);

    assertThat(plan.secrets().orElseThrow())
        .containsExactlyInAnyOrder(
            "variable-secret",
            "output-secret",
            "child-secret",
            "old-secret",
            "list-secret",
            "1234567",
            "new-secret",
            "deep-secret",
            "after-secret",
            "default-secret");
    assertThat(plan.toString()).endsWith("10 secrets");
  }

  @Test
  void too_many_sensitive_values_are_unknown_and_the_changes_are_not() throws IOException {
    String change = change("aws_instance.a", "managed", "\"delete\"");
    String values =
        IntStream.range(0, 10_001)
            .mapToObj(i -> "\"secret-" + i + "\"")
            .collect(Collectors.joining(","));
    String outputs =
        "{\"planned_values\":{\"outputs\":{\"o\":{\"sensitive\":true,\"value\":[%s]}}}%s}";
    String marks =
        "{\"after_sensitive\":[%s]}"
            .formatted(String.join(",", Collections.nCopies(100_001, "true")));

    List<TerraformPlan> plans =
        List.of(
            read(outputs.formatted(values, ",\"resource_changes\":[" + change + "]")),
            read(
                "{\"output_changes\":{\"o\":%s},\"resource_changes\":[%s]}"
                    .formatted(marks, change)));

    assertThat(plans)
        .allSatisfy(plan -> {
          assertThat(plan.secrets()).isEmpty();
          assertThat(plan.changes().items()).hasSize(1);
        });
    assertThat(
            read(outputs.formatted("\"same-secret\"" + ",\"same-secret\"".repeat(20_000), ""))
                .secrets())
        .contains(List.of("same-secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void deep_nesting_is_refused(String level) throws IOException {
    String deep = "{\"resource_changes\":[],\"after_sensitive\":" + level.repeat(100_000);

    assertThatThrownBy(() -> read(deep)).hasMessageContaining("nested deeper than 1,000 levels");
    assertThatThrownBy(() -> TerraformPlan.read(file(deep), false))
        .hasMessageContaining("nested deeper than 1,000 levels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{\"values\":{\"root_module\":{}}}"})
  void something_else_is_no_plan(String json) {
    assertThatThrownBy(() -> read(json))
        .hasMessage("it is not the output of terraform show -json for a plan");
  }

  @Test
  void an_error_names_the_place_and_not_the_content() {
    assertThatThrownBy(() -> read("{\"resource_changes\":[\n s3cret]}"))
        .hasMessageMatching("it is no valid JSON at line 2, column \\d+")
        .hasNoCause();
  }

  /// As PowerShell writes it.
  @Test
  void the_encoding_of_a_plan_is_detected() throws IOException {
    Path file =
        Files.write(
            folder.resolve("plan.json"),
            ("\ufeff" + plan(change("aws_instance.é", "managed", "\"delete\"")))
                .getBytes(UTF_16LE));

    assertThat(TerraformPlan.read(file, true).changes().items().getFirst().address())
        .isEqualTo("aws_instance.é");
  }

  /// The memory is limited by a system test.
  @Test
  void large_values_are_skipped() throws IOException {
    Path file = folder.resolve("plan.json");
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write(
          "{\"resource_changes\":[{\"mode\":\"managed\",\"type\":\"a\",\"change\":{\"before\":{\"x\":\"");
      for (int i = 0; i < 30_000; i++) {
        out.write("y".repeat(1_000));
      }
      out.write("\"},\"after_sensitive\":false,\"actions\":[\"delete\"]},\"address\":\"a.b\"}]}");
    }

    assertThat(TerraformPlan.read(file, true).changes().items())
        .containsExactly(new ResourceChange("a.b", "a", Action.DELETE));
  }
}
