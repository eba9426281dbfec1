package dev.runhook.http.ingest;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.IngestSecret.Algorithm;
import dev.runhook.http.ingest.Mapping.Step;
import dev.runhook.http.ingest.Platform.Signature;
import dev.runhook.http.json.Decoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Notifications of Spacelift, whose run events have the fields of a payload of Runhook.
///
/// @see <a href="https://docs.spacelift.io/integrations/webhooks">Default webhook payloads</a>
final class Spacelift {
  private static final Mapping RUN =
      new Mapping(
          Set.of("/run", "/stack", "/state", "/stateVersion"),
          Set.of(
              "/run/id",
              "/run/type",
              "/run/delta/added",
              "/run/delta/changed",
              "/run/delta/deleted",
              "/run/delta/resources",
              "/stack/id"),
          "",
          UnaryOperator.identity(),
          Decoder.integerAtLeast(0).map(Instant::ofEpochSecond),
          Map.of(),
          Stream.of(RunState.values()).map(state -> Step.of(state, state.name())).toList(),
          "the state or the type of the run is not one of those of Runhook");

  static final Platform PLATFORM =
      new Platform(
          "spacelift",
          Optional.of(new Signature(Algorithm.SHA256, "X-Signature-256")),
          "a run",
          List.of(RUN));

  private Spacelift() {}
}
