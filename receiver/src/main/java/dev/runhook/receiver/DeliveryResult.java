package dev.runhook.receiver;

/// What a [DeliveryReceiver] or a [JdbcInbox] found out about a delivery.
public enum DeliveryResult {
  /// The delivery is authentic and recent.
  ACCEPTED(204),

  /// The delivery is authentic and recent, and its event was processed before.
  DUPLICATE(204),

  /// Only from a [JdbcInbox]: a later version of the run has taken effect before.
  STALE(204),

  /// Only from a [JdbcInbox]: the event is stored and takes effect after the versions before it.
  HELD(204),

  /// A header `webhook-…` is missing.
  SIGNATURE_MISSING(401),

  /// No signature matches: the secret is not the webhook's, or the body is not the received bytes.
  SIGNATURE_MISMATCH(401),

  /// The signature matches, but its time is more than five minutes away: the request was recorded
  /// earlier, or a clock is wrong.
  TIME_OUT_OF_RANGE(401);

  private final int status;

  DeliveryResult(int status) {
    this.status = status;
  }

  /// Returns the HTTP status of the response: 204, or 401 if the delivery was not accepted.
  public int status() {
    return status;
  }
}
