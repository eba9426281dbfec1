package dev.runhook.outbound.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.DeliverySettings;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageTemplateTest {
  private final FormatRenderer renderer =
      new FormatRenderer(Optional.of(URI.create("https://runhook.example.com")));

  @Test
  void a_template_names_values_sections_lists_and_objects() {
    String template =
        """
        {"content":"{{title}} by {{run.triggeredBy}}{{#note}}: {{note}}{{/note}}",
         "event":"{{event}}","url":"{{link}}","version":"{{stateVersion}}",
         "red":{{#is.FAILED}}true{{/is.FAILED}}{{^is.FAILED}}false{{/is.FAILED}},
         "delta":{{#run.delta}}{{run.delta}}{{/run.delta}}{{^run.delta}}null{{/run.delta}},
         "labels":{{stack.labels}},"unknown":"{{run.nothing}}"}
        """;

    assertThat(render("failed", template))
        .isEqualTo(
            """
            {"content":"Run failed on Networking by octocat@example.com: exit code 1",
             "event":"run_state_changed","url":"https://ci.example.com/runs/7","version":"4",
             "red":true,
             "delta":{"added":2,"changed":1,"deleted":0,"resources":12},
             "labels":[],"unknown":""}
            """);
    assertThat(render("plain", template)).contains("\"red\":false", "\"delta\":null");
  }

  @Test
  void values_are_escaped_for_json_also_in_triple_braces() {
    assertThat(render("failed", "{\"text\":\"{{run.commit.message}}\"}"))
        .isEqualTo("{\"text\":\"Add a <subnet> & a route\\n\\nFixes it\"}");
    assertThat(render("quotes", "{\"a\":\"{{{run.commit.message}}}\",\"b\":\"{{& run.branch}}\"}"))
        .isEqualTo("{\"a\":\"\\\",\\\"x\\\":\\\"\",\"b\":\"\\\"}\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{#run}}",
        "{{/run}}",
        "{\"a\": {{title}}}",
        "{\"a\": {{run.delta.added}}}",
        "{\"a\": \"{{title}}\"",
        "{} {}",
        "{{! nothing }}",
        "{{> other}}",
        "{{=<% %>=}}{}",
      })
  void an_invalid_template_is_named(String template) {
    assertThat(renderer.findTemplateError(template)).get().asString().startsWith("the ");
  }

  @Test
  void templates_call_no_methods_of_objects() {
    String template =
        "{\"a\":\"{{state.class}}{{state.length}}{{run.class.name}}{{stack.labels.size}}"
            + "{{run.hashCode}}{{title.bytes}}\"}";

    assertThat(renderer.findTemplateError(template)).isEmpty();
    assertThat(render("failed", template)).isEqualTo("{\"a\":\"\"}");
  }

  @Test
  void sections_tags_and_characters_are_limited() {
    String nested = "{{#stack.labels}}".repeat(20) + "{{/stack.labels}}".repeat(20);

    assertThat(renderer.findTemplateError(nested + "{}"))
        .contains("the template renders more than 10000 tags");
    assertThat(renderer.findTemplateError("{{#a}}".repeat(101) + "{{/a}}".repeat(101) + "{}"))
        .get()
        .asString()
        .contains("more than 100 sections");
    assertThat(renderer.findTemplateError("\"" + "x".repeat(66_000) + "\""))
        .contains("the result of the template exceeds 65536 characters");
  }

  @Test
  void the_payload_is_sent_if_the_template_fails_for_an_event() {
    String template =
        "{\"a\":{{#is.FINISHED}}{{title}}{{/is.FINISHED}}{{^is.FINISHED}}1{{/is.FINISHED}}}";

    Payload failed = renderer.render(MessageSamples.failed(), settings(template));
    Payload finished =
        renderer.render(MessageSamples.inState(RunState.FINISHED), settings(template));

    assertThat(renderer.findTemplateError(template)).isEmpty();
    assertThat(failed.text()).isEqualTo("{\"a\":1}");
    assertThat(failed.format()).isEqualTo(Format.TEMPLATE);
    assertThat(finished).isEqualTo(MessageSamples.inState(RunState.FINISHED).payload());
  }

  private String render(String sample, String template) {
    assertThat(renderer.findTemplateError(template)).isEmpty();
    return renderer.render(MessageSamples.named(sample), settings(template)).text();
  }

  private static DeliverySettings settings(String template) {
    return DeliverySettings.defaults().withTemplate(template);
  }
}
