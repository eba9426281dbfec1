package dev.runhook.outbound.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.outbound.format.ChatMessage.Fact;
import dev.runhook.outbound.format.ChatMessage.Link;
import dev.runhook.outbound.format.ChatMessage.Tone;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes what a person reads about an event.
final class EventMessage {
  private static final int SHORT_HASH = 7;

  /// More would not fit into a fact.
  private static final int MAX_NAMED = 50;

  private static final Set<String> DESTROYING =
      Stream.of(Action.values())
          .filter(Action::destroys)
          .map(Action::wireName)
          .collect(Collectors.toSet());

  private EventMessage() {}

  static ChatMessage of(Event.Kind kind, JsonNode payload, Optional<URI> publicUrl) {
    String stack = payload.at("/stack/name").asText();
    if (kind == Event.Kind.PING) {
      String title = "Ping from Runhook for " + stack;
      return new ChatMessage(
          ChatMessage.shorten(title, ChatMessage.MAX_TITLE), Tone.NEUTRAL, List.of(), List.of());
    }
    if (kind.isOperational()) {
      return OperationalMessage.of(kind, payload, publicUrl);
    }
    RunState state = RunState.valueOf(payload.path("state").asText());
    String test = kind == Event.Kind.TEST ? "Test: " : "";
    return new ChatMessage(
        ChatMessage.shorten(test + "Run " + phrase(state) + " on " + stack, ChatMessage.MAX_TITLE),
        tone(state),
        facts(payload),
        links(payload, publicUrl));
  }

  private static String phrase(RunState state) {
    return switch (state) {
      case QUEUED -> "queued";
      case READY -> "ready";
      case PREPARING -> "preparing";
      case INITIALIZING -> "initializing";
      case PLANNING -> "planning";
      case PENDING_REVIEW -> "waiting for review";
      case UNCONFIRMED -> "waiting for confirmation";
      case REPLAN_REQUESTED -> "asked to plan again";
      case PREPARING_REPLAN -> "preparing to plan again";
      case CONFIRMED -> "confirmed";
      case PREPARING_APPLY -> "preparing to apply";
      case APPLYING -> "applying";
      case PERFORMING -> "performing a task";
      case DESTROYING -> "destroying";
      case FINISHED -> "finished";
      case FAILED -> "failed";
      case STOPPED -> "stopped";
      case CANCELED -> "canceled";
      case DISCARDED -> "discarded";
      case SKIPPED -> "skipped";
    };
  }

  private static Tone tone(RunState state) {
    return switch (state) {
      case FINISHED -> Tone.GOOD;
      case FAILED -> Tone.BAD;
      case PENDING_REVIEW, UNCONFIRMED -> Tone.WARNING;
      default -> Tone.NEUTRAL;
    };
  }

  /// Adds the resources that are deleted or replaced, as many as fit.
  private static void addDestroyed(List<Fact> facts, JsonNode payload) {
    List<String> addresses = new ArrayList<>();
    for (JsonNode change : payload.path("changes")) {
      if (DESTROYING.contains(change.path("action").asText())) {
        addresses.add(change.path("address").asText());
      }
    }
    String atLeast = payload.path("changesTruncated").asBoolean() ? "at least " : "";
    ChatMessage.add(
        facts,
        "Destroys " + atLeast + addresses.size(),
        String.join(", ", addresses.subList(0, Math.min(MAX_NAMED, addresses.size()))),
        Optional.empty());
  }

  private static List<Fact> facts(JsonNode payload) {
    JsonNode run = payload.path("run");
    JsonNode commit = run.path("commit");
    String shortHash = TextLimits.cut(commit.path("hash").asText(), SHORT_HASH);
    String message = commit.path("message").asText().lines().findFirst().orElse("");
    List<Fact> facts = new ArrayList<>();
    addDestroyed(facts, payload);
    ChatMessage.add(facts, "Branch", run.path("branch").asText(), Optional.empty());
    ChatMessage.add(
        facts, "Commit", shortHash + " " + message, Links.safe(commit.path("url").asText()));
    if (run.hasNonNull("triggeredBy")) {
      ChatMessage.add(facts, "Triggered by", run.path("triggeredBy").asText(), Optional.empty());
    } else {
      ChatMessage.add(facts, "Author", commit.path("authorName").asText(), Optional.empty());
    }
    ChatMessage.add(facts, "Changes", changes(run.path("delta")), Optional.empty());
    ChatMessage.add(facts, "Type", type(run), Optional.empty());
    ChatMessage.add(facts, "Run", run.path("id").asText(), Optional.empty());
    ChatMessage.add(facts, "Note", payload.path("note").asText(), Optional.empty());
    return List.copyOf(facts);
  }

  private static String changes(JsonNode delta) {
    return delta.isObject()
        ? "%d added, %d changed, %d deleted"
            .formatted(
                delta.path("added").asLong(),
                delta.path("changed").asLong(),
                delta.path("deleted").asLong())
        : "";
  }

  /// Returns nothing for a normal run.
  private static String type(JsonNode run) {
    String type = run.path("type").asText().toLowerCase(Locale.ROOT);
    boolean drift = run.path("driftDetection").asBoolean();
    return drift ? type + ", drift detection" : type.equals("tracked") ? "" : type;
  }

  private static List<Link> links(JsonNode payload, Optional<URI> publicUrl) {
    List<Link> links = new ArrayList<>();
    Links.safe(payload.at("/run/url").asText())
        .ifPresent(url -> links.add(new Link("Open run", url)));
    publicUrl.ifPresent(base ->
        links.add(
            new Link(
                "Open in Runhook",
                "%s/#/stacks/%s/runs/%s"
                    .formatted(
                        base, payload.at("/stack/id").asText(), payload.at("/run/id").asText()))));
    return List.copyOf(links);
  }
}
