package dev.runhook.http.delivery;

import dev.runhook.application.delivery.ReplayRequest;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Instant;
import java.util.Optional;

/// Reads which deliveries are to be made once more.
final class ReplayRequestParser {
  private static final Decoder<Status> ENDED =
      Decoder.STRING.map(name ->
          switch (name) {
            case "DELIVERED" -> Status.DELIVERED;
            case "FAILED" -> Status.FAILED;
            default -> throw new IllegalArgumentException("must be DELIVERED or FAILED");
          });

  private ReplayRequestParser() {}

  static Optional<ReplayRequest> parse(JsonObjectReader jsonObjectReader) {
    Optional<Instant> from = jsonObjectReader.required("from", Decoder.TIME);
    Optional<Instant> to = jsonObjectReader.optional("to", Decoder.TIME);
    Optional<Status> status = jsonObjectReader.optionalNonNull("status", ENDED);
    Optional<Boolean> dryRun = jsonObjectReader.optionalNonNull("dryRun", Decoder.BOOLEAN);
    return jsonObjectReader.build(() ->
        new ReplayRequest(
            from.orElseThrow(), to, status.orElse(Status.FAILED), dryRun.orElse(false)));
  }
}
