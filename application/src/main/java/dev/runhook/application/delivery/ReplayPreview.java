package dev.runhook.application.delivery;

/// What a replay would do.
///
/// @param matched how many events match the request
/// @param erased how many of them no longer have a payload
/// @param toCreate how many deliveries a replay would create now
public record ReplayPreview(int matched, int erased, int toCreate) {
  ReplayPreview plus(ReplayPreview other) {
    return new ReplayPreview(
        matched + other.matched, erased + other.erased, toCreate + other.toCreate);
  }
}
