package dev.runhook.http.webhook;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a user chooses for a webhook of a stack or of an account.
///
/// @param states empty for all, like `types`, `previousStates`, `branches` and `stackLabels`
/// @param driftDetection null to receive runs with and without drift detection, like `delta`
/// @param template null unless the format is `template`
/// @param headers with masked values; null if they cannot be decrypted
/// @param timeout null for the server's default, like `retrySchedule`
record WebhookSettingsJson(
    String endpoint,
    String name,
    List<RunState> states,
    List<RunType> types,
    Optional<Boolean> driftDetection,
    List<RunState> previousStates,
    List<String> branches,
    Optional<Boolean> delta,
    List<String> stackLabels,
    List<String> events,
    String format,
    Optional<String> template,
    Optional<Map<String, String>> headers,
    Optional<Duration> timeout,
    Optional<List<Duration>> retrySchedule) {
  static WebhookSettingsJson of(WebhookSettings settings) {
    Subscription subscription = settings.subscription();
    return new WebhookSettingsJson(
        settings.endpoint().text(),
        settings.name(),
        sorted(subscription.states()),
        sorted(subscription.types()),
        subscription.driftDetection(),
        sorted(subscription.previousStates()),
        subscription.branches().patterns(),
        subscription.delta(),
        sorted(subscription.stackLabels()),
        sorted(subscription.events()).stream().map(Event.Kind::wireName).toList(),
        settings.delivery().format().wireName(),
        settings.delivery().template(),
        Optional.of(settings.headers())
            .filter(CustomHeaders::isDecrypted)
            .map(headers -> byName(headers.masked())),
        settings.delivery().timeout(),
        settings.delivery().retryDelays());
  }

  private static <T extends Comparable<T>> List<T> sorted(Set<T> values) {
    return values.stream().sorted().toList();
  }

  static Map<String, String> byName(List<Header> headers) {
    Map<String, String> result = new LinkedHashMap<>();
    headers.forEach(header -> result.put(header.name(), header.value()));
    return result;
  }
}
