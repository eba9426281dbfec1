package dev.runhook.outbound.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.slack.api.model.block.ContextBlockElement;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.model.block.SectionBlock;
import com.slack.api.model.block.composition.MarkdownTextObject;
import com.slack.api.model.block.composition.TextObject;
import com.slack.api.model.block.element.BlockElement;
import com.slack.api.util.json.GsonBlockElementFactory;
import com.slack.api.util.json.GsonContextBlockElementFactory;
import com.slack.api.util.json.GsonLayoutBlockFactory;
import com.slack.api.util.json.GsonTextObjectFactory;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.PagerDutyKey;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares renderings with the files in `src/test/resources`, which `-Dwrite.golden=true` writes.
final class FormatRendererTest {
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "dev", "runhook", "outbound", "format");
  private static final int MAX_SLACK_TEXT = 3000;
  private static final int MAX_SLACK_FIELD = 2000;
  private static final int MAX_SLACK_FIELDS = 10;
  private static final int MAX_TEAMS_BYTES = 28 * 1024;
  private static final int MAX_PAGERDUTY_BYTES = 512 * 1024;

  private final JsonMapper json = JsonMapper.builder().build();
  private final FormatRenderer renderer =
      new FormatRenderer(Optional.of(URI.create("https://runhook.example.com")), System::nanoTime);

  @ParameterizedTest
  @CsvSource({
    "CLOUDEVENTS, failed",
    "CLOUDEVENTS, plain",
    "CLOUDEVENTS, ping",
    "CLOUDEVENTS, test",
    "CLOUDEVENTS, paused",
    "CLOUDEVENTS, destroying",
    "SLACK, failed",
    "SLACK, plain",
    "SLACK, ping",
    "SLACK, paused",
    "SLACK, destroying",
    "SLACK, delivery-failed",
    "MSTEAMS, failed",
    "MSTEAMS, plain",
    "MSTEAMS, ping",
    "MSTEAMS, paused",
    "MSTEAMS, destroying",
    "PAGERDUTY, failed",
    "PAGERDUTY, plain",
    "PAGERDUTY, ping",
    "PAGERDUTY, test",
    "PAGERDUTY, paused",
    "PAGERDUTY, destroying"
  })
  void a_rendering_is_as_documented(Format format, String sample) throws IOException {
    Payload rendered = renderer.render(MessageSamples.named(sample), in(format));

    assertGolden(format.wireName() + "-" + sample + ".json", json.readTree(rendered.bytes()));
    assertThat(rendered.format()).isEqualTo(format);
  }

  /// `src/test/sdks/run` reads the file as well.
  @Test
  void content_types_are_as_documented() throws IOException {
    ObjectNode types = json.createObjectNode();

    Stream.of(Format.values()).forEach(each -> types.put(each.wireName(), each.contentType()));

    assertGolden("content-types.json", types);
  }

  private static void assertGolden(String name, JsonNode content) throws IOException {
    Path file = GOLDEN.resolve(name);
    String pretty = content.toPrettyString() + "\n";
    if (Boolean.getBoolean("write.golden")) {
      Files.writeString(file, pretty);
    }
    assertThat(pretty).isEqualTo(Files.readString(file));
  }

  @Test
  void cloud_events_are_read_by_the_official_sdk() {
    Payload rendered = renderer.render(MessageSamples.failed(), in(Format.CLOUDEVENTS));

    CloudEvent event = new JsonFormat().deserialize(rendered.bytes());

    assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
    assertThat(event.getId()).isEqualTo(MessageSamples.failed().event().toString());
    assertThat(event.getSource()).isEqualTo(URI.create("/accounts/acme/stacks/networking"));
    assertThat(event.getType()).isEqualTo("dev.runhook.run_state_changed");
    assertThat(event.getSubject()).isEqualTo("deploy-7");
    assertThat(event.getTime()).isEqualTo(OffsetDateTime.parse("2020-08-09T13:28:04Z"));
    assertThat(event.getDataContentType()).isEqualTo("application/json");
    assertThat(new String(Objects.requireNonNull(event.getData()).toBytes(), UTF_8))
        .isEqualTo(MessageSamples.failed().payload().text());
  }

  private static Stream<String> chatSamples() {
    return Stream.of(
        "failed",
        "plain",
        "ping",
        "hostile",
        "destroying",
        "paused",
        "resumed",
        "disabled",
        "delivery-failed",
        "rotated",
        "lagging");
  }

  @ParameterizedTest
  @MethodSource("chatSamples")
  void slack_messages_are_read_by_the_official_sdk_and_within_its_limits(String sample)
      throws IOException {
    JsonNode message = render(sample, Format.SLACK);

    List<LayoutBlock> blocks = parseBlocks(message);

    assertThat(message.path("text").asText()).isNotBlank().hasSizeLessThan(MAX_SLACK_TEXT);
    assertThat(blocks).hasSizeBetween(1, 50).doesNotContainNull();
    for (LayoutBlock block : blocks) {
      if (block instanceof SectionBlock section) {
        assertThat(text(section.getText())).hasSizeLessThanOrEqualTo(MAX_SLACK_TEXT);
        List<TextObject> fields = Optional.ofNullable(section.getFields()).orElse(List.of());
        assertThat(fields).hasSizeLessThanOrEqualTo(MAX_SLACK_FIELDS);
        assertThat(fields)
            .allSatisfy(field -> assertThat(text(field)).hasSizeLessThanOrEqualTo(MAX_SLACK_FIELD));
      }
    }
  }

  @Test
  void runhooks_own_format_has_the_changes_only_if_the_webhook_asks_for_them() {
    DeliveryContent content = MessageSamples.destroying();
    String payload = content.payload().text();

    assertThat(renderer.render(content, DeliverySettings.defaults())).isSameAs(content.payload());
    assertThat(renderer.render(content, DeliverySettings.defaults().withIncludeChanges(true)))
        .isEqualTo(
            Payload.of(
                payload.substring(0, payload.length() - 1)
                    + ",\"changes\":["
                    + "{\"address\":\"aws_subnet.a[0]\",\"type\":\"aws_subnet\",\"action\":\"create\"},"
                    + "{\"address\":\"aws_db_instance.main\",\"type\":\"aws_db_instance\","
                    + "\"action\":\"delete\"},"
                    + "{\"address\":\"module.web[\\\"eu & us\\\"].aws_instance.web\","
                    + "\"type\":\"aws_instance\",\"action\":\"replace\"}]}"));
    assertThat(
            renderer.render(
                MessageSamples.failed(), DeliverySettings.defaults().withIncludeChanges(true)))
        .isEqualTo(MessageSamples.failed().payload());
    assertThat(
            renderer
                .render(
                    MessageSamples.hostile(), DeliverySettings.defaults().withIncludeChanges(true))
                .text())
        .endsWith("],\"changesTruncated\":true}");
  }

  @Test
  void templates_see_the_changes() {
    Payload rendered =
        renderer.render(
            MessageSamples.destroying(),
            DeliverySettings.defaults()
                .withTemplate("[{{#changes}}\"{{action}} {{address}}\",{{/changes}}0]"));

    assertThat(rendered.text())
        .isEqualTo(
            "[\"create aws_subnet.a[0]\",\"delete aws_db_instance.main\","
                + "\"replace module.web[\\\"eu & us\\\"].aws_instance.web\",0]");
    assertThat(renderer.findTemplateError("[{{#changes}}\"{{action}}\",{{/changes}}0]")).isEmpty();
  }

  @Test
  void slack_messages_cannot_mention_anyone_or_forge_links() {
    String message = renderer.render(MessageSamples.hostile(), in(Format.SLACK)).text();

    assertThat(message)
        .contains("&lt;!channel&gt;", "&lt;https://evil.example|click&gt;")
        .doesNotContain("<!", "<@", "<https://evil.example", "<javascript:");
  }

  @ParameterizedTest
  @MethodSource("chatSamples")
  void texts_of_teams_messages_are_in_elements_without_markdown(String sample) throws IOException {
    JsonNode message = render(sample, Format.MSTEAMS);

    JsonNode card = message.at("/attachments/0/content");
    assertThat(message.path("type").asText()).isEqualTo("message");
    assertThat(message.at("/attachments/0/contentType").asText())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
    assertThat(card.path("body")).isNotEmpty();
    assertThat(card.path("body"))
        .allSatisfy(block -> {
          assertThat(block.path("type").asText()).isEqualTo("RichTextBlock");
          assertThat(block.path("inlines"))
              .isNotEmpty()
              .allSatisfy(inline -> assertThat(inline.path("type").asText()).isEqualTo("TextRun"));
        });
    assertThat(card.findValuesAsText("url")).allMatch(url -> url.startsWith("https://"));
    assertThat(message.toString().getBytes(UTF_8)).hasSizeLessThan(MAX_TEAMS_BYTES);
  }

  /// PagerDuty publishes no schema. The one here follows the documentation of its Events API v2.
  @ParameterizedTest
  @CsvSource({
    "failed",
    "plain",
    "ping",
    "test",
    "hostile",
    "paused",
    "resumed",
    "disabled",
    "delivery-failed",
    "lagging"
  })
  void pagerduty_events_have_the_fields_and_lengths_that_it_documents(String sample)
      throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(GOLDEN.resolve("pagerduty.schema.json")));

    Payload event = renderer.render(MessageSamples.named(sample), in(Format.PAGERDUTY));

    assertThat(
            schema.validate(
                event.text().replace(PagerDutyKey.MASK, "R".repeat(32)), InputFormat.JSON))
        .isEmpty();
    assertThat(schema.validate(event.text(), InputFormat.JSON)).isNotEmpty();
    assertThat(event.text()).startsWith("{\"routing_key\":\"" + PagerDutyKey.MASK + "\",");
    assertThat(event.length()).isLessThan(MAX_PAGERDUTY_BYTES);
  }

  @Test
  void a_failed_run_triggers_the_alert_of_the_stack_and_a_finished_run_resolves_it()
      throws IOException {
    JsonNode failed = render(MessageSamples.inState(RunState.FAILED));
    JsonNode finished = render(MessageSamples.inState(RunState.FINISHED));
    JsonNode proposed = render(MessageSamples.failed());

    assertThat(failed.path("event_action").asText()).isEqualTo("trigger");
    assertThat(failed.at("/payload/severity").asText()).isEqualTo("error");
    assertThat(finished.path("event_action").asText()).isEqualTo("resolve");
    assertThat(finished.path("dedup_key")).isEqualTo(failed.path("dedup_key"));
    assertThat(proposed.path("dedup_key").asText())
        .isEqualTo(failed.path("dedup_key").asText() + "/proposed");
    assertThat(proposed.at("/payload/severity").asText()).isEqualTo("warning");
  }

  @Test
  void the_alert_about_a_webhook_is_resolved_when_it_is_resumed() throws IOException {
    JsonNode paused = render(MessageSamples.named("paused"));
    JsonNode lagging = render(MessageSamples.named("lagging"));
    JsonNode resumed = render(MessageSamples.named("resumed"));

    assertThat(paused.path("event_action").asText()).isEqualTo("trigger");
    assertThat(paused.at("/payload/severity").asText()).isEqualTo("error");
    assertThat(lagging.at("/payload/severity").asText()).isEqualTo("warning");
    assertThat(resumed.path("event_action").asText()).isEqualTo("resolve");
    assertThat(List.of(lagging, resumed))
        .allMatch(event -> event.path("dedup_key").equals(paused.path("dedup_key")));
  }

  @ParameterizedTest
  @EnumSource
  void each_state_has_a_title(RunState state) throws IOException {
    JsonNode message =
        json.readTree(renderer.render(MessageSamples.inState(state), in(Format.SLACK)).bytes());

    assertThat(message.path("text").asText()).contains("Run ").endsWith(" on Networking");
  }

  @ParameterizedTest
  @CsvSource({
    "paused, ❌ Webhook Chat on Networking paused, 20",
    "resumed, ✅ Webhook Chat on Networking resumed, the receiver works again",
    "disabled, ⚠️ Webhook https://hooks.example.com on Networking disabled, &lt;@Ada&gt;",
    "delivery-failed, ❌ Delivery to Chat on Networking failed, deploy-7",
    "rotated, Secret of Chat on Networking rotated, 2020-08-09T13:28:04Z",
    "lagging, ⚠️ Deliveries to Chat on Networking are late, 2020-08-09T13:28:04Z"
  })
  void each_operational_event_has_a_title_and_facts(String sample, String title, String fact)
      throws IOException {
    JsonNode message = render(sample, Format.SLACK);

    assertThat(message.path("text").asText()).isEqualTo(title);
    assertThat(message.at("/blocks/1/fields").findValuesAsText("text"))
        .anyMatch(text -> text.endsWith("\n" + fact));
    assertThat(message.at("/blocks/2").toString())
        .contains("https://runhook.example.com/#/stacks/networking/settings/integrations/w-2");
  }

  @Test
  void without_a_public_url_a_message_links_only_to_what_was_reported() {
    FormatRenderer local = new FormatRenderer(Optional.empty(), System::nanoTime);

    assertThat(local.render(MessageSamples.failed(), in(Format.SLACK)).text())
        .contains("https://ci.example.com/runs/7")
        .doesNotContain("Open in Runhook");
    assertThat(local.render(MessageSamples.named("plain"), in(Format.SLACK)).text())
        .doesNotContain("http");
  }

  @Test
  void a_sample_is_marked_as_a_test() throws IOException {
    assertThat(render("test", Format.SLACK).path("text").asText())
        .isEqualTo("❌ Test: Run failed on Networking");
  }

  private JsonNode render(String sample, Format format) throws IOException {
    return json.readTree(renderer.render(MessageSamples.named(sample), in(format)).bytes());
  }

  private JsonNode render(DeliveryContent content) throws IOException {
    return json.readTree(renderer.render(content, in(Format.PAGERDUTY)).bytes());
  }

  private static DeliverySettings in(Format format) {
    return DeliverySettings.defaults().withFormat(format);
  }

  private static List<LayoutBlock> parseBlocks(JsonNode message) {
    Gson gson =
        new GsonBuilder()
            .registerTypeAdapter(LayoutBlock.class, new GsonLayoutBlockFactory(true))
            .registerTypeAdapter(TextObject.class, new GsonTextObjectFactory(true))
            .registerTypeAdapter(
                ContextBlockElement.class, new GsonContextBlockElementFactory(true))
            .registerTypeAdapter(BlockElement.class, new GsonBlockElementFactory(true))
            .create();
    List<LayoutBlock> blocks = new ArrayList<>();
    message
        .path("blocks")
        .forEach(block -> blocks.add(gson.fromJson(block.toString(), LayoutBlock.class)));
    return blocks;
  }

  private static String text(TextObject text) {
    return text instanceof MarkdownTextObject markdown ? markdown.getText() : "";
  }
}
