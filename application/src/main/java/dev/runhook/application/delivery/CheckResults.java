package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.ReceiverCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The results of the checks of a receiver. Each is reported once, as soon as it is known.
/// Thread-safe.
final class CheckResults {
  private final Map<String, ReceiverCheck> byName = new LinkedHashMap<>();
  private final Consumer<ReceiverCheck> onResult;

  CheckResults(Consumer<ReceiverCheck> onResult) {
    this.onResult = onResult;
  }

  /// Adds a result, unless the check already has one.
  synchronized void add(ReceiverCheck check) {
    if (byName.putIfAbsent(check.name(), check) == null) {
      onResult.accept(check);
    }
  }

  synchronized List<ReceiverCheck> list() {
    return List.copyOf(byName.values());
  }
}
