package dev.runhook.http;

import dev.runhook.application.delivery.Replay;
import dev.runhook.domain.delivery.Delivery.Status;
import java.time.Instant;
import java.util.Optional;

/// Reads which deliveries are to be made once more.
final class ReplayForm {
  private static final Form<Status> ENDED =
      Form.STRING.as(name ->
          switch (name) {
            case "DELIVERED" -> Status.DELIVERED;
            case "FAILED" -> Status.FAILED;
            default -> throw new IllegalArgumentException("must be DELIVERED or FAILED");
          });

  private ReplayForm() {}

  static Optional<Replay> replay(Fields fields) {
    Optional<Instant> from = fields.required("from", Form.TIME);
    Optional<Instant> to = fields.optional("to", Form.TIME);
    Optional<Status> status = fields.given("status", ENDED);
    Optional<Boolean> dryRun = fields.given("dryRun", Form.FLAG);
    return fields.make(() ->
        new Replay(from.orElseThrow(), to, status.orElse(Status.FAILED), dryRun.orElse(false)));
  }
}
