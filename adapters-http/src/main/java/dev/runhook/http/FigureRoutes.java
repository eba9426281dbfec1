package dev.runhook.http;

import static io.javalin.http.HandlerType.GET;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.Pulse;
import dev.runhook.application.Pulse.Beat;
import dev.runhook.application.StackGlance;
import dev.runhook.application.StackGlance.LatestRun;
import dev.runhook.application.StackGlance.WebhookCounts;
import dev.runhook.application.overview.Overview;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How all is going: the list of stacks with what matters of each, and figures of a webhook.
final class FigureRoutes {
  private static final int LONGEST_SEARCH = 200;

  private final Overview overview;

  FigureRoutes(Overview overview) {
    this.overview = overview;
  }

  /// A stack in the list.
  ///
  /// @param latestRun null where there was none yet
  record GlanceJson(
      @JsonUnwrapped StackRoutes.StackJson stack,
      @Nullable LatestRunJson latestRun,
      WebhookCounts webhooks) {
    static GlanceJson of(StackGlance glance) {
      return new GlanceJson(
          StackRoutes.StackJson.of(glance.stack()),
          glance.latestRun().map(LatestRunJson::of).orElse(null),
          glance.webhooks());
    }
  }

  record LatestRunJson(String id, RunState state, long stateVersion, Instant createdAt) {
    static LatestRunJson of(LatestRun run) {
      return new LatestRunJson(run.name(), run.state(), run.version(), run.createdAt());
    }
  }

  record PulseJson(Instant from, String step, boolean truncated, List<BeatJson> items) {
    static PulseJson of(Pulse pulse) {
      return new PulseJson(
          pulse.from(),
          pulse.step().toString(),
          pulse.truncated(),
          pulse.beats().stream().map(BeatJson::of).toList());
    }
  }

  /// @param p50Ms null where nothing was delivered
  record BeatJson(
      Instant at,
      int delivered,
      int failed,
      int pending,
      @Nullable Long p50Ms,
      @Nullable Long p99Ms) {
    static BeatJson of(Beat beat) {
      return new BeatJson(
          beat.at(),
          beat.delivered(),
          beat.failed(),
          beat.pending(),
          beat.median().map(Duration::toMillis).orElse(null),
          beat.p99().map(Duration::toMillis).orElse(null));
    }
  }

  void mount(Routes routes) {
    routes.account(GET, "/stacks", Role.READER, this::stacks);
    routes.stack(GET, WebhookRoutes.WEBHOOK + "/figures", Role.READER, this::figures);
  }

  private Answer stacks(Call call) {
    Parameters parameters = call.parameters();
    Optional<String> search = parameters.find("search", FigureRoutes::search);
    return Pages.answer(
        parameters,
        page -> overview.stacks(call.grant().account(), call.grant().reach(), search, page),
        GlanceJson::of);
  }

  private Answer figures(Call call, StackId stack) {
    Parameters parameters = call.parameters();
    Optional<Pulse.Span> span = parameters.find("span", FigureRoutes::span);
    parameters.requireFit();
    return Answer.ok(
        PulseJson.of(overview.pulse(stack, WebhookRoutes.id(call), span.orElse(Pulse.Span.HOUR))));
  }

  private static Pulse.Span span(String text) {
    return switch (text) {
      case "hour" -> Pulse.Span.HOUR;
      case "day" -> Pulse.Span.DAY;
      default -> throw new IllegalArgumentException("must be one of hour, day");
    };
  }

  private static String search(String text) {
    if (text.length() > LONGEST_SEARCH || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "is a part of a stack's id or name, of " + LONGEST_SEARCH + " characters at most");
    }
    return text;
  }
}
