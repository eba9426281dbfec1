package dev.runhook.outbound.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.Event.OperationalEvent.RunInState;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class JsonPayloadRendererTest {
  private static final EventId EVENT = new EventId(new UUID(1, 2));
  private static final StackId STACK = new StackId(new AccountId("acme"), "demo");
  private static final RunId RUN = new RunId(STACK, "01EF9PFPNFFM2MQXTJKHK1B869");
  private static final Commit COMMIT =
      new Commit(
          "0ee3b0f4a8d5",
          "Update main.tf",
          "Octo Cat",
          Optional.of("octocat"),
          Optional.of(Instant.ofEpochSecond(1596705932)),
          Optional.of("https://git.example.com/c/0ee3"));

  private static final String PAYLOAD =
      """
      {"account":"acme","state":"FINISHED","stateVersion":4,"timestamp":1596979684,\
      "run":{"id":"01EF9PFPNFFM2MQXTJKHK1B869","branch":"master",\
      "commit":{"authorLogin":"octocat","authorName":"Octo Cat","hash":"0ee3b0f4a8d5","message":"Update main.tf",\
      "timestamp":1596705932,"url":"https://git.example.com/c/0ee3"},\
      "createdAt":1596979665,"delta":{"added":0,"changed":0,"deleted":0,"resources":1},\
      "triggeredBy":"octocat@example.com","type":"TRACKED"},\
      "stack":{"id":"demo","name":"Demo","description":"","labels":[]}}\
      """;
  private static final List<Schema> SCHEMAS = List.of(published(), ofWebhooks());

  private final JsonPayloadRenderer renderer = new JsonPayloadRenderer();

  @Test
  void a_transition_is_rendered_byte_for_byte() {
    RunDetails details =
        new RunDetails(
            RunType.TRACKED,
            "master",
            COMMIT,
            Optional.of("octocat@example.com"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Event event =
        stateChange(
            Stack.named(STACK, "Demo"),
            details,
            Optional.of(new Delta(0, 0, 0, 1)),
            Optional.empty());

    assertRendered(event, PAYLOAD);
  }

  @Test
  void unknown_fields_are_null_and_unreported_fields_are_left_out() {
    Event event =
        stateChange(
            Stack.named(STACK, "Demo"),
            RunDetails.tracked("master", Commit.of("0ee3")),
            Optional.empty(),
            Optional.empty());

    assertRendered(
        event,
        """
        {"account":"acme","state":"FINISHED","stateVersion":4,"timestamp":1596979684,\
        "run":{"id":"01EF9PFPNFFM2MQXTJKHK1B869","branch":"master",\
        "commit":{"authorLogin":null,"authorName":"","hash":"0ee3","message":"","timestamp":null,"url":null},\
        "createdAt":1596979665,"delta":null,"triggeredBy":null,"type":"TRACKED"},\
        "stack":{"id":"demo","name":"Demo","description":"","labels":[]}}\
        """);
  }

  @Test
  void reported_fields_are_present() {
    Stack stack =
        new Stack(
            STACK,
            "Demo",
            "All resources",
            List.of("a", "b"),
            Optional.of("https://ui/s"),
            Optional.of("acme/infra"));
    RunDetails details =
        new RunDetails(
            RunType.TASK,
            "master",
            Commit.of("0ee3"),
            Optional.empty(),
            Optional.of("https://ui/r"),
            Optional.of(false),
            Optional.of("ls -l"));

    assertRendered(
        stateChange(stack, details, Optional.empty(), Optional.of("Applied manually")),
        """
        {"account":"acme","state":"FINISHED","stateVersion":4,"timestamp":1596979684,\
        "run":{"id":"01EF9PFPNFFM2MQXTJKHK1B869","branch":"master",\
        "commit":{"authorLogin":null,"authorName":"","hash":"0ee3","message":"","timestamp":null,"url":null},\
        "createdAt":1596979665,"delta":null,"triggeredBy":null,"type":"TASK",\
        "url":"https://ui/r","driftDetection":false,"command":"ls -l"},\
        "stack":{"id":"demo","name":"Demo","description":"All resources","labels":["a","b"],"url":"https://ui/s","repository":"acme/infra"},\
        "note":"Applied manually"}\
        """);
  }

  @Test
  void only_characters_that_json_requires_are_escaped() {
    Stack stack =
        Stack.named(STACK, "Ümläut 🎉 <b>&'/\u2028\u007f \"quoted\" back\\slash \t\n\u0001");

    assertThat(
            renderer
                .render(new Event.Ping(EVENT, stack, Instant.EPOCH, new Event.PingTarget("w", "e")))
                .text())
        .contains(
            "\"name\":\"Ümläut 🎉 <b>&'/\u2028\u007f \\\"quoted\\\" back\\\\slash \\t\\n\\u0001\"");
  }

  @Test
  void a_ping_contains_its_webhook() {
    Event event =
        new Event.Ping(
            EVENT,
            Stack.named(STACK, "Demo"),
            Instant.parse("2026-01-02T03:04:05.678Z"),
            new Event.PingTarget("w-1", "https://r.example.com/h?k=v"));

    assertRendered(
        event,
        """
        {"account":"acme","event":"ping","timestamp":1767323045,\
        "stack":{"id":"demo","name":"Demo","description":"","labels":[]},\
        "webhook":{"id":"w-1","endpoint":"https://r.example.com/h?k=v"}}\
        """);
  }

  @ParameterizedTest
  @MethodSource("operationalEvents")
  void an_operational_event_has_its_webhook_and_details(Details details, String json) {
    Event event =
        new OperationalEvent(
            EVENT,
            Stack.named(STACK, "Demo"),
            Instant.ofEpochSecond(1767323045),
            new AffectedWebhook("w-1", "Chat", "https://r.example.com"),
            details);

    assertRendered(
        event,
        """
        {"account":"acme","event":"%s","timestamp":1767323045,\
        "stack":{"id":"demo","name":"Demo","description":"","labels":[]},\
        "webhook":{"id":"w-1","name":"Chat","endpoint":"https://r.example.com"},"details":%s}\
        """
            .formatted(event.kind().wireName(), json));
  }

  static Stream<Arguments> operationalEvents() {
    Instant time = Instant.ofEpochSecond(1767323100);
    return Stream.of(
        arguments(
            new Details.Paused(20, "timeout", time),
            "{\"failures\":20,\"error\":\"timeout\",\"nextProbeAt\":1767323100,"
                + "\"verdict\":\"PAUSED\"}"),
        arguments(
            new Details.Resumed(Cause.RECEIVER, Optional.empty()),
            "{\"cause\":\"RECEIVER\",\"by\":null,\"verdict\":\"HEALTHY\"}"),
        arguments(
            new Details.Resumed(Cause.USER, Optional.empty()),
            "{\"cause\":\"USER\",\"by\":null,\"verdict\":null}"),
        arguments(
            new Details.Disabled(Cause.USER, Optional.of("Ada")),
            "{\"cause\":\"USER\",\"by\":\"Ada\",\"verdict\":\"DISABLED\"}"),
        arguments(
            new Details.DeliveryFailed(
                "d-1",
                Event.Kind.RUN_STATE_CHANGED,
                Optional.of(new RunInState("run-1", RunState.FAILED)),
                3,
                "timeout"),
            "{\"delivery\":\"d-1\",\"event\":\"run_state_changed\",\"run\":\"run-1\",\"state\":\"FAILED\","
                + "\"attempts\":3,\"error\":\"timeout\"}"),
        arguments(
            new Details.DeliveryFailed("d-1", Event.Kind.PING, Optional.empty(), 1, "timeout"),
            "{\"delivery\":\"d-1\",\"event\":\"ping\",\"run\":null,\"state\":null,"
                + "\"attempts\":1,\"error\":\"timeout\"}"),
        arguments(
            new Details.SecretRotated(Optional.of("Ada"), Optional.of(time)),
            "{\"by\":\"Ada\",\"previousSecretExpiresAt\":1767323100}"),
        arguments(
            new Details.QueueLagging(time, Duration.ofMinutes(7)),
            "{\"dueSince\":1767323100,\"lagSeconds\":420}"));
  }

  @ParameterizedTest
  @EnumSource
  void the_published_schema_knows_every_state(RunState state) {
    String json = PAYLOAD.replace("FINISHED", state.name());

    assertThat(violations(json)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void the_published_schema_knows_every_type(RunType type) {
    String json = PAYLOAD.replace("TRACKED", type.name());

    assertThat(violations(json)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FINISHED|SUCCEEDED",
        "\"stateVersion\":4|\"stateVersion\":0",
        "\"labels\":[]|\"labels\":null",
        "\"stateVersion\":4,|``",
        "{\"account\"|{\"event\":\"ping\",\"account\"",
        "\"resources\":1|\"resources\":1,\"extra\":1"
      })
  void the_published_schema_rejects_any_other_payload(String valid, String invalid) {
    String json = PAYLOAD.replace(valid, invalid);

    assertThat(json).isNotEqualTo(PAYLOAD);
    assertThat(SCHEMAS)
        .allSatisfy(schema -> assertThat(schema.validate(json, InputFormat.JSON)).isNotEmpty());
  }

  private void assertRendered(Event event, String json) {
    assertThat(renderer.render(event).text()).isEqualTo(json);
    assertThat(renderer.render(event).bytes()).isEqualTo(json.getBytes(UTF_8));
    assertThat(violations(json)).isEmpty();
  }

  private static List<Error> violations(String json) {
    return SCHEMAS.stream()
        .flatMap(schema -> schema.validate(json, InputFormat.JSON).stream())
        .toList();
  }

  private static Schema published() {
    return schema(read("docs/payload.schema.json"), InputFormat.JSON);
  }

  /// The bodies of the webhooks in the description of the API.
  private static Schema ofWebhooks() {
    String description =
        read("adapters-http/src/main/resources/dev/runhook/http/server/openapi.yaml");
    return schema(
        """
        oneOf:
          - $ref: "#/components/schemas/RunStateChanged"
          - $ref: "#/components/schemas/Ping"
          - $ref: "#/components/schemas/OperationalEvent"
        """
            + description,
        InputFormat.YAML);
  }

  private static Schema schema(String text, InputFormat format) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(text, format);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of("..", file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Event stateChange(
      Stack stack, RunDetails details, Optional<Delta> delta, Optional<String> note) {
    Run run =
        new Run(
            RUN,
            details,
            Instant.ofEpochSecond(1596979665),
            new RunProgress(RunState.FINISHED, 4),
            delta);
    Transition transition =
        new Transition(
            RUN,
            RunState.FINISHED,
            4,
            Instant.ofEpochSecond(1596979684, 999_999_999),
            true,
            delta,
            note);
    return new Event.RunStateChanged(
        EVENT, stack, run, transition, Optional.empty(), Optional.empty());
  }
}
