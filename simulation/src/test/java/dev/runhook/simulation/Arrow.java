package dev.runhook.simulation;

/// The arrows in the diagram of the states of a delivery.
enum Arrow {
  RECORD_WAITING,
  RECORD_DUE,
  RECORD_LEASED,
  PROMOTE,
  CLAIM,
  CLAIM_EXPIRED,
  DELIVER,
  FAIL,
  RETRY,
  RELEASE,
  CANCEL
}
