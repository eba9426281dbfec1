package dev.runhook.outbound.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.application.spi.delivery.RenderingException;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.DeliverySettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MessageTemplateTest {
  /// A key that has a component for each two characters of the longest template.
  private static final String LONG_KEY = "x.".repeat(8_099) + "x";

  private static final String LABELS = "{{#stack.labels}}";
  private static final String END = "{{/stack.labels}}";

  /// Does not advance unless a test says so.
  private final AtomicLong nanos = new AtomicLong();

  private final FormatRenderer renderer = renderer(nanos::get);

  private static FormatRenderer renderer(LongSupplier ticker) {
    return new FormatRenderer(Optional.of(URI.create("https://runhook.example.com")), ticker);
  }

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
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"a":"{{title"}             | the tag {{title" in line 1 is not closed
          {"a":"{{title}"}            | the tag {{title in line 1 is not closed
          {"a":"{{x {{title}}"}       | the tag {{x in line 1 is not closed
          [¶"{{{title}}"]             | the tag {{{title in line 2 is not closed
          {}{{! {{title}              | the tag {{! {{title} in line 1 is not closed
          {}{{                        | the tag {{ in line 1 is not closed
          {¶{{#run}}{}                | the tag {{#run}} in line 2 starts a section that is not closed
          {{^a}}¶{{#b}}{{/a}}{{/b}}   | the tag {{/a}} in line 2 does not close {{#b}}
          {¶¶{{/ run }}               | the tag {{/ run }} in line 3 closes no section
          {{}}{}                      | the tag {{}} in line 1 names no value
          {{# }}{}{{/}}               | the tag {{# }} in line 1 names no value
          {{{ }}}{}                   | the tag {{{ }}} in line 1 names no value
          ["{{a..b}}"]                | the tag {{a..b}} in line 1 names no value
          ["{{a¶b}}"]                 | the tag {{a b}} in line 1 contains a line break
          {}¶{{> other}}              | the tag {{> other}} in line 2 is of a kind that is not supported
          {{=<% %>=}}{}               | the tag {{=<% %>=}} in line 1 is of a kind that is not supported
          {{ <a}}{{/a}}               | the tag {{ <a}} in line 1 is of a kind that is not supported
          {{$a}}{}{{/a}}              | the tag {{$a}} in line 1 is of a kind that is not supported
          {"a":¶{{title}}}            | the result of the template is not JSON after the tag {{title}} in line 2
          [{{run.x}},1]               | the result of the template is not JSON after the tag {{run.x}} in line 1
          {"a":"{{title}}","b":¶NaN}  | the result of the template is not JSON after the tag {{title}} in line 1
          {¶"a":NaN,"b":"{{title}}"}  | the result of the template is not JSON in line 2
          {¶"a": "{{x}}"              | the result of the template ends too early to be JSON after the tag {{x}} in line 2
          {} {}                       | the result of the template is not JSON in line 1
          {{! nothing }}              | the result of the template is empty
          """)
  void an_error_in_a_template_names_the_line_and_the_tag(String template, String error) {
    assertThat(renderer.findTemplateError(template.replace('¶', '\n'))).contains(error);
  }

  @ParameterizedTest
  @CsvSource({"0001", "001b", "007f", "0085", "2028", "202e", "200b"})
  void a_template_has_no_invisible_characters(String codePoint) {
    String template = "[\n\"" + Character.toString(Integer.parseInt(codePoint, 16)) + "\"]";

    assertThat(renderer.findTemplateError(template))
        .contains(
            "the template contains an invisible character in line 2; write \\u%s"
                .formatted(codePoint));
    assertThat(renderer.findTemplateError("[\"\\u%s\"]\r\n\t".formatted(codePoint))).isEmpty();
  }

  @Test
  void sections_with_any_spelling_are_counted() {
    for (String start : List.of("{{#.}}", "{{ # .}}", "{{\t#.}}", "{{^ .}}")) {
      assertThat(renderer.findTemplateError(start.repeat(1_150) + "{{/.}}".repeat(1_150) + "{}"))
          .contains("the template has more than 100 sections and comments");
    }
    assertThat(
            renderer.findTemplateError(
                "{{\u0001#.}}".repeat(1_150) + "{{/.}}".repeat(1_150) + "{}"))
        .isPresent();
  }

  @Test
  void the_library_accepts_each_template_that_passes_the_check() {
    List<String> parts =
        List.of(
            "{", "{{", "{{{", "}", "}}", "}}}", "#", "^", "/", "!", "&", ".", " ", "\n", "a",
            "run");
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      String template =
          Stream.generate(() -> parts.get(random.nextInt(parts.size())))
              .limit(2 + random.nextInt(12))
              .collect(Collectors.joining());

      assertThat(renderer.findTemplateError(template))
          .as(template)
          .isNotEqualTo(Optional.of("the template is not valid"));
    }
  }

  @Test
  void a_long_tag_is_shortened_in_an_error() {
    assertThat(renderer.findTemplateError("{{" + "x".repeat(10_000)))
        .contains("the tag {{%s… in line 1 is not closed".formatted("x".repeat(37)));
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
    assertThat(renderer.findTemplateError(LABELS.repeat(20) + END.repeat(20) + "{}"))
        .contains("the template takes more than 200000 steps");
    assertThat(renderer.findTemplateError("{{#a}}".repeat(101) + "{{/a}}".repeat(101) + "{}"))
        .get()
        .asString()
        .contains("more than 100 sections and comments");
    assertThat(renderer.findTemplateError("{{!a}}".repeat(101) + "{}"))
        .contains("the template has more than 100 sections and comments");
    for (String character : List.of("x", "é", "€", "🎉")) {
      int fitting = 16_382 / character.getBytes(UTF_8).length;
      assertThat(renderer.findTemplateError("\"" + character.repeat(fitting) + "\"")).isEmpty();
      assertThat(renderer.findTemplateError("\"" + character.repeat(fitting + 1) + "\""))
          .contains("the result of the template exceeds 16384 bytes");
    }
  }

  @Test
  void the_components_of_a_key_are_limited() {
    String nested = LABELS + LABELS + "{{%s}}" + END + END;

    assertThat(renderer.findTemplateError("{\"a\":\"" + nested.formatted(LONG_KEY) + "\"}"))
        .contains(
            "the tag {{%s… in line 1 has a key of more than 200 characters"
                .formatted("x.".repeat(18) + "x"));
    assertThat(renderer.findTemplateError("[\"{{#a.b.c.d.e.f.g.h.i.j.k}}"))
        .contains(
            "the tag {{#a.b.c.d.e.f.g.h.i.j.k}} in line 1 has a key with more than 10 components");
    assertThat(renderer.findTemplateError("[\"{{a.b.c.d.e.f.g.h.i.j}}\"]")).isEmpty();
  }

  @Test
  void each_component_of_a_key_takes_a_step() {
    String key = "{{x.x.x.x.x.x.x.x.x.x}}";
    String fits = "[\"" + LABELS + LABELS + key.repeat(2) + END + END + "\"]";
    String tooMuch = "[\"" + LABELS + LABELS + key.repeat(20) + END + END + "\"]";

    assertThat(renderer.findTemplateError(tooMuch)).isEmpty();
    assertThat(renderer.render(MessageSamples.withLabels(64), settings(fits)).text())
        .isEqualTo("[\"\"]");
    assertThatThrownBy(() -> renderer.render(MessageSamples.withLabels(64), settings(tooMuch)))
        .isInstanceOf(RenderingException.class)
        .hasMessage("the template takes more than 200000 steps");
  }

  @Test
  void the_elements_of_lists_and_the_characters_of_values_take_steps() {
    String empty = LABELS.repeat(3) + END.repeat(3) + "{}";
    String large = LABELS.repeat(2) + "{{#stack}}{{/stack}}" + END.repeat(2) + "{}";

    for (String template : List.of(empty, large)) {
      assertThat(renderer.findTemplateError(template)).isEmpty();
      assertThatThrownBy(() -> renderer.render(MessageSamples.withLabels(64), settings(template)))
          .hasMessage("the template takes more than 200000 steps");
    }
  }

  @Test
  void only_a_template_with_many_steps_has_a_limit_of_time() {
    FormatRenderer busy = renderer(() -> nanos.addAndGet(6_000_000));
    String few = "[\"" + LABELS + END + "{{title}}\"]";
    String many = "[\"" + LABELS + LABELS + "{{x.y}}{{x.y}}" + END + END + "\"]";

    assertThat(busy.render(MessageSamples.withLabels(64), settings(few)).format())
        .isEqualTo(Format.TEMPLATE);
    assertThatThrownBy(() -> busy.render(MessageSamples.withLabels(64), settings(many)))
        .isInstanceOf(RenderingException.class)
        .hasMessage("the template takes more than 10 ms");
  }

  @Test
  void a_template_that_fails_for_an_event_says_why() {
    String template =
        "{\"a\":{{#is.FINISHED}}{{title}}{{/is.FINISHED}}{{^is.FINISHED}}1{{/is.FINISHED}}}";

    Payload failed = renderer.render(MessageSamples.failed(), settings(template));
    assertThat(renderer.findTemplateError(template)).isEmpty();
    assertThat(failed.text()).isEqualTo("{\"a\":1}");
    assertThat(failed.format()).isEqualTo(Format.TEMPLATE);
    assertThatThrownBy(
            () -> renderer.render(MessageSamples.inState(RunState.FINISHED), settings(template)))
        .isInstanceOf(RenderingException.class)
        .hasMessage("the result of the template is not JSON in line 1");
  }

  private String render(String sample, String template) {
    assertThat(renderer.findTemplateError(template)).isEmpty();
    return renderer.render(MessageSamples.named(sample), settings(template)).text();
  }

  private static DeliverySettings settings(String template) {
    return DeliverySettings.defaults().withTemplate(template);
  }
}
