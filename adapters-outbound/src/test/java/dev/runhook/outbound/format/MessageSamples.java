package dev.runhook.outbound.format;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.OperationalEvent;
import dev.runhook.domain.event.Event.OperationalEvent.AffectedWebhook;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.event.Event.OperationalEvent.Details;
import dev.runhook.domain.event.Event.OperationalEvent.RunInState;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChange.Action;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunProgress;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/// Events to render.
final class MessageSamples {
  private static final EventId EVENT = new EventId(new UUID(1, 2));
  private static final StackId STACK = new StackId(new AccountId("acme"), "networking");
  private static final Instant TIME = Instant.ofEpochSecond(1596979684);
  private static final RunDetails PLAIN = RunDetails.tracked("main", Commit.of("0ee3b0f4a8d5"));

  private MessageSamples() {}

  static DeliveryContent named(String name) {
    return switch (name) {
      case "failed" -> failed();
      case "plain" -> inState(RunState.FINISHED);
      case "ping" -> ping();
      case "paused" ->
          operational(
              "Chat",
              new Details.Paused(
                  20, "the receiver responded with status 500", TIME.plusSeconds(60)));
      case "resumed" -> operational("Chat", new Details.Resumed(Cause.RECEIVER, Optional.empty()));
      case "disabled" -> operational("", new Details.Disabled(Cause.USER, Optional.of("<@Ada>")));
      case "delivery-failed" ->
          operational(
              "Chat",
              new Details.DeliveryFailed(
                  "d-1",
                  Event.Kind.RUN_STATE_CHANGED,
                  Optional.of(new RunInState("deploy-7", RunState.FAILED)),
                  8,
                  "the receiver responded with status 500"));
      case "rotated" ->
          operational("Chat", new Details.SecretRotated(Optional.empty(), Optional.of(TIME)));
      case "lagging" -> operational("Chat", new Details.QueueLagging(TIME, Duration.ofMinutes(7)));
      case "hostile" -> hostile();
      case "quotes" -> quotes();
      case "destroying" -> destroying();
      case "emoji" -> emoji();
      case "disguised" -> disguised();
      case "test" -> content(new Event.TestEvent(change("Networking", PLAIN, RunState.FAILED, "")));
      default -> throw new IllegalArgumentException(name);
    };
  }

  static DeliveryContent failed() {
    return content(
        change(
            "Networking",
            details("Add a <subnet> & a route\n\nFixes it", "Octo Cat"),
            RunState.FAILED,
            "exit code 1"));
  }

  static DeliveryContent inState(RunState state) {
    return content(change("Networking", PLAIN, state, ""));
  }

  /// Is about a stack with that many labels, of 30 characters each.
  static DeliveryContent withLabels(int count) {
    List<String> labels =
        IntStream.range(0, count).mapToObj("L%02d-label-of-thirty-characters"::formatted).toList();
    Event.RunStateChanged plain = change("Networking", PLAIN, RunState.FAILED, "");
    Stack named = plain.stack();
    return content(
        new Event.RunStateChanged(
            EVENT,
            new Stack(named.id(), named.name(), "", labels, Optional.empty(), Optional.empty()),
            plain.run(),
            plain.transition(),
            Optional.empty(),
            Optional.empty()));
  }

  /// Has texts that try to mention others, forge links, use markup, and exceed all limits.
  static DeliveryContent hostile() {
    String text =
        "<!channel> <@U1> <https://evil.example|click> **b** [x](javascript:alert) \u0007";
    String longText = text + "&".repeat(4_000);
    RunDetails details =
        new RunDetails(
            RunType.PROPOSED,
            text,
            new Commit(
                text,
                longText,
                text,
                Optional.empty(),
                Optional.empty(),
                Optional.of("javascript:alert(1)")),
            Optional.of(text + "&".repeat(150)),
            Optional.of("https://long.example/?" + "&".repeat(1_000)),
            Optional.of(true),
            Optional.empty());
    return withChanges(
        hostileChanges(text.strip().replace("\u0007", "")),
        change(
            text.strip().replace("\u0007", "") + "x".repeat(100),
            details,
            RunState.FAILED,
            longText));
  }

  private static ResourceChanges hostileChanges(String text) {
    return new ResourceChanges(
        IntStream.range(0, 200)
            .mapToObj(i -> new ResourceChange("aws_a.b[\"" + text + i + "\"]", "a", Action.DELETE))
            .toList(),
        true);
  }

  /// Has two resources that are destroyed among others.
  static DeliveryContent destroying() {
    return withChanges(
        new ResourceChanges(
            List.of(
                new ResourceChange("aws_subnet.a[0]", "aws_subnet", Action.CREATE),
                new ResourceChange("aws_db_instance.main", "aws_db_instance", Action.DELETE),
                new ResourceChange(
                    "module.web[\"eu & us\"].aws_instance.web", "aws_instance", Action.REPLACE)),
            false),
        change("Networking", PLAIN, RunState.UNCONFIRMED, ""));
  }

  private static DeliveryContent withChanges(
      ResourceChanges changes, Event.RunStateChanged change) {
    DeliveryContent plain = content(change);
    return new DeliveryContent(
        plain.event(),
        plain.kind(),
        plain.transition(),
        plain.payload(),
        plain.redeliveryOf(),
        plain.trace(),
        Optional.of(changes));
  }

  private static DeliveryContent quotes() {
    RunDetails details =
        RunDetails.tracked(
            "\"}",
            new Commit(
                "0ee3", "\",\"x\":\"", "", Optional.empty(), Optional.empty(), Optional.empty()));
    return content(change("Networking", details, RunState.FAILED, ""));
  }

  /// Has texts and links that look like others.
  private static DeliveryContent disguised() {
    RunDetails details =
        new RunDetails(
            RunType.TRACKED,
            "ma\u200bin",
            new Commit(
                "0ee3b0f4a8d5",
                "safe\u202egpj.exe\u2069",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.of("https://git:example@evil.example/c")),
            Optional.of("octo\u2028cat\u2029\u0085"),
            Optional.of("https://slack.com@evil.example/a"),
            Optional.empty(),
            Optional.empty());
    return content(change("Net\u2066working", details, RunState.FAILED, "👩‍🚀"));
  }

  /// Has texts whose limits are in the middle of a character.
  private static DeliveryContent emoji() {
    String text = "a" + "🎉".repeat(TextLimits.MAX_NAME / 2 - 1);
    RunDetails details = RunDetails.tracked(text, Commit.of("0ee3b0🎉🎉"));
    return content(change(text, details, RunState.FAILED, text));
  }

  private static RunDetails details(String message, String author) {
    return new RunDetails(
        RunType.PROPOSED,
        "feature/subnet",
        new Commit(
            "0ee3b0f4a8d5",
            message,
            author,
            Optional.of("octocat"),
            Optional.empty(),
            Optional.of("https://git.example.com/c/0ee3?a=1&b=2")),
        Optional.of("octocat@example.com"),
        Optional.of("https://ci.example.com/runs/7"),
        Optional.of(true),
        Optional.empty());
  }

  private static DeliveryContent ping() {
    Event.PingTarget target = new Event.PingTarget("w-1", "https://hooks.example.com/1");
    return content(new Event.Ping(EVENT, Stack.named(STACK, "Networking"), TIME, target));
  }

  private static DeliveryContent operational(String name, Details details) {
    return content(
        new OperationalEvent(
            EVENT,
            Stack.named(STACK, "Networking"),
            TIME,
            new AffectedWebhook("w-2", name, "https://hooks.example.com"),
            details));
  }

  private static Event.RunStateChanged change(
      String stackName, RunDetails details, RunState state, String note) {
    RunId run = new RunId(STACK, "deploy-7");
    Optional<Delta> delta = note.isEmpty() ? Optional.empty() : Optional.of(new Delta(2, 1, 0, 12));
    Transition transition =
        new Transition(
            run, state, 4, TIME, true, delta, Optional.of(note).filter(text -> !text.isEmpty()));
    return new Event.RunStateChanged(
        EVENT,
        Stack.named(STACK, stackName),
        new Run(run, details, TIME.minusSeconds(19), new RunProgress(state, 4), delta),
        transition,
        Optional.empty(),
        Optional.empty());
  }

  private static DeliveryContent content(Event event) {
    Optional<TransitionRef> transition =
        event instanceof Event.RunStateChanged change
            ? Optional.of(
                new TransitionRef(
                    change.run().id().name(),
                    change.transition().state(),
                    change.transition().version()))
            : Optional.empty();
    return new DeliveryContent(
        event.id(),
        event.kind(),
        transition,
        new JsonPayloadRenderer().render(event),
        Optional.empty(),
        Optional.empty());
  }
}
