package dev.runhook.outbound.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.Event.OperationalEvent.RunInState;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.Event.TestEvent;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.outbound.format.FormatRenderer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Renders events as compact JSON in UTF-8, with the keys in a fixed order and times in Unix
/// seconds.
///
/// Unknown optional fields of a run or commit (`delta`, `triggeredBy`, `commit.authorLogin`,
/// `commit.timestamp`, `commit.url`) are `null`. Fields that only some reporters send (`note`;
/// `url`, `driftDetection` and `command` of a run; `url` and `repository` of a stack) are left out
/// if absent and otherwise come last in their object. Only characters that JSON requires are
/// escaped. A [FormatRenderer] renders the other formats. Thread-safe.
public final class JsonPayloadRenderer implements PayloadRenderer {
  private static final int INITIAL_SIZE = 1024;

  private final JsonFactory json =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();
  private final FormatRenderer formats;

  /// Creates a renderer whose messages have no links to the web UI.
  public JsonPayloadRenderer() {
    this(Optional.empty());
  }

  /// @param publicUrl the address of the web UI, without a slash at its end
  public JsonPayloadRenderer(Optional<URI> publicUrl) {
    this.formats = new FormatRenderer(publicUrl, System::nanoTime);
  }

  @Override
  public Payload render(DeliveryContent content, DeliverySettings settings) {
    return formats.render(content, settings);
  }

  @Override
  public Optional<String> findTemplateError(String template) {
    return formats.findTemplateError(template);
  }

  @Override
  public Payload render(Event event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_SIZE);
    try (JsonGenerator out = json.createGenerator(bytes)) {
      switch (event) {
        case RunStateChanged change -> write(out, change);
        case Ping ping -> write(out, ping);
        case TestEvent(RunStateChanged sample) -> write(out, sample);
        case OperationalEvent operational -> write(out, operational);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Payload.of(bytes.toByteArray());
  }

  private static void write(JsonGenerator out, RunStateChanged event) throws IOException {
    out.writeStartObject();
    out.writeStringField("account", event.stack().id().account().name());
    out.writeStringField("state", event.transition().state().name());
    out.writeNumberField("stateVersion", event.transition().version());
    out.writeNumberField("timestamp", event.occurredAt().getEpochSecond());
    writeRun(out, event.run());
    writeStack(out, event.stack());
    writeIfPresent(out, "note", event.transition().note());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, Ping ping) throws IOException {
    out.writeStartObject();
    out.writeStringField("account", ping.stack().id().account().name());
    out.writeStringField("event", ping.kind().wireName());
    out.writeNumberField("timestamp", ping.occurredAt().getEpochSecond());
    writeStack(out, ping.stack());
    out.writeObjectFieldStart("webhook");
    out.writeStringField("id", ping.target().webhook());
    out.writeStringField("endpoint", ping.target().endpoint());
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, OperationalEvent event) throws IOException {
    out.writeStartObject();
    out.writeStringField("account", event.stack().id().account().name());
    out.writeStringField("event", event.kind().wireName());
    out.writeNumberField("timestamp", event.occurredAt().getEpochSecond());
    writeStack(out, event.stack());
    out.writeObjectFieldStart("webhook");
    out.writeStringField("id", event.webhook().id());
    out.writeStringField("name", event.webhook().name());
    out.writeStringField("endpoint", event.webhook().endpoint());
    out.writeEndObject();
    out.writeObjectFieldStart("details");
    writeDetails(out, event.details());
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void writeDetails(JsonGenerator out, Details details) throws IOException {
    switch (details) {
      case Details.Paused(int failures, String error, Instant nextProbeAt) -> {
        out.writeNumberField("failures", failures);
        out.writeStringField("error", error);
        out.writeNumberField("nextProbeAt", nextProbeAt.getEpochSecond());
        out.writeStringField("verdict", Verdict.PAUSED.name());
      }
      case Details.Resumed(Cause cause, Optional<String> by) -> {
        out.writeStringField("cause", cause.name());
        writeOrNull(out, "by", by);
        // what a user resumes has yet to prove itself
        writeOrNull(
            out,
            "verdict",
            cause == Cause.RECEIVER ? Optional.of(Verdict.HEALTHY.name()) : Optional.empty());
      }
      case Details.Disabled(Cause cause, Optional<String> by) -> {
        out.writeStringField("cause", cause.name());
        writeOrNull(out, "by", by);
        out.writeStringField("verdict", Verdict.DISABLED.name());
      }
      case Details.DeliveryFailed failed -> {
        out.writeStringField("delivery", failed.delivery());
        out.writeStringField("event", failed.event().wireName());
        writeOrNull(out, "run", failed.run().map(RunInState::run));
        writeOrNull(out, "state", failed.run().map(run -> run.state().name()));
        out.writeNumberField("attempts", failed.attempts());
        out.writeStringField("error", failed.error());
      }
      case Details.SecretRotated(Optional<String> by, Optional<Instant> previousExpiresAt) -> {
        writeOrNull(out, "by", by);
        writeOrNull(out, "previousSecretExpiresAt", previousExpiresAt.map(Instant::getEpochSecond));
      }
      case Details.QueueLagging(Instant dueSince, Duration lag) -> {
        out.writeNumberField("dueSince", dueSince.getEpochSecond());
        out.writeNumberField("lagSeconds", lag.toSeconds());
      }
    }
  }

  private static void writeRun(JsonGenerator out, Run run) throws IOException {
    RunDetails details = run.details();
    out.writeObjectFieldStart("run");
    out.writeStringField("id", run.id().name());
    out.writeStringField("branch", details.branch());
    writeCommit(out, details.commit());
    out.writeNumberField("createdAt", run.createdAt().getEpochSecond());
    writeDelta(out, run.delta());
    writeOrNull(out, "triggeredBy", details.triggeredBy());
    out.writeStringField("type", details.type().name());
    writeIfPresent(out, "url", details.url());
    writeIfPresent(out, "driftDetection", details.driftDetection());
    writeIfPresent(out, "command", details.command());
    out.writeEndObject();
  }

  private static void writeCommit(JsonGenerator out, Commit commit) throws IOException {
    out.writeObjectFieldStart("commit");
    writeOrNull(out, "authorLogin", commit.authorLogin());
    out.writeStringField("authorName", commit.authorName());
    out.writeStringField("hash", commit.hash());
    out.writeStringField("message", commit.message());
    writeOrNull(out, "timestamp", commit.timestamp().map(Instant::getEpochSecond));
    writeOrNull(out, "url", commit.url());
    out.writeEndObject();
  }

  private static void writeDelta(JsonGenerator out, Optional<Delta> delta) throws IOException {
    if (delta.isEmpty()) {
      out.writeNullField("delta");
      return;
    }
    out.writeObjectFieldStart("delta");
    out.writeNumberField("added", delta.get().added());
    out.writeNumberField("changed", delta.get().changed());
    out.writeNumberField("deleted", delta.get().deleted());
    out.writeNumberField("resources", delta.get().resources());
    out.writeEndObject();
  }

  private static void writeStack(JsonGenerator out, Stack stack) throws IOException {
    out.writeObjectFieldStart("stack");
    out.writeStringField("id", stack.id().slug());
    out.writeStringField("name", stack.name());
    out.writeStringField("description", stack.description());
    String[] labels = stack.labels().toArray(String[]::new);
    out.writeFieldName("labels");
    out.writeArray(labels, 0, labels.length);
    writeIfPresent(out, "url", stack.url());
    writeIfPresent(out, "repository", stack.repository());
    out.writeEndObject();
  }

  private static void writeIfPresent(JsonGenerator out, String key, Optional<?> value)
      throws IOException {
    if (value.isPresent()) {
      out.writeObjectField(key, value.get());
    }
  }

  private static void writeOrNull(JsonGenerator out, String key, Optional<?> value)
      throws IOException {
    out.writeObjectField(key, value.orElse(null));
  }
}
