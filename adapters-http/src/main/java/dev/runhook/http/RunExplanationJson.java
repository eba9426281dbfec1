package dev.runhook.http;

import dev.runhook.application.delivery.RunExplanation;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What each webhook was told of a run, or why not.
record RunExplanationJson(String run, String stack, List<ToldJson> transitions) {
  record ToldJson(RunState state, long stateVersion, Instant timestamp, List<HeardJson> webhooks) {
    static ToldJson of(RunExplanation.Told told) {
      return new ToldJson(
          told.transition().state(),
          told.transition().version(),
          told.transition().at(),
          told.webhooks().stream().map(HeardJson::of).toList());
    }
  }

  /// @param delivery null where there is none, as is its status
  record HeardJson(
      String webhook,
      String name,
      String endpoint,
      @Nullable String delivery,
      Delivery.@Nullable Status status,
      List<String> explain) {
    static HeardJson of(RunExplanation.Heard heard) {
      return new HeardJson(
          heard.webhook().id().toString(),
          heard.webhook().settings().name(),
          heard.webhook().settings().endpoint().text(),
          heard.delivery().map(delivery -> delivery.id().toString()).orElse(null),
          heard.delivery().map(Delivery::status).orElse(null),
          heard.explain());
    }
  }

  static RunExplanationJson of(RunExplanation explanation) {
    return new RunExplanationJson(
        explanation.run().name(),
        explanation.run().stack().slug(),
        explanation.transitions().stream().map(ToldJson::of).toList());
  }
}
