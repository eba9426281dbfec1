package dev.runhook.simulation;

import java.util.List;

/// The arrows in the diagram of the states of a delivery.
enum Arrow {
  RECORD_WAITING,
  RECORD_LEASED,
  PROMOTE,
  CLAIM,
  CLAIM_EXPIRED,
  DELIVER,
  FAIL,
  RETRY,
  RELEASE,
  CANCEL;

  /// Those that few transactions have.
  static final List<Arrow> RARE = List.of(CLAIM_EXPIRED, FAIL, RELEASE, CANCEL);
}
