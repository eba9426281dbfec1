package dev.runhook.domain.setting;

import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// New values for some settings of a webhook. Immutable.
public final class SettingsPatch {
  private static final SettingsPatch EMPTY = new SettingsPatch(Map.of());

  private final Map<WebhookSetting<?>, Object> values;

  private SettingsPatch(Map<WebhookSetting<?>, Object> values) {
    this.values = values;
  }

  /// Returns a patch that changes nothing.
  public static SettingsPatch empty() {
    return EMPTY;
  }

  public <T> SettingsPatch with(WebhookSetting<T> setting, T value) {
    Map<WebhookSetting<?>, Object> next = new HashMap<>(values);
    next.put(setting, value);
    return new SettingsPatch(next);
  }

  /// Returns settings with the values that [WebhookSetting#writeChosen] returned, perhaps in a
  /// later version. If some of them are unknown or invalid, nothing is sent to the webhook: its
  /// headers are then like those that cannot be decrypted.
  ///
  /// @param others what is not among the values
  public static WebhookSettings restore(Map<String, Object> chosen, WebhookSettings others) {
    Map<WebhookSetting<?>, Object> values = new HashMap<>();
    Set<String> unreadable = new TreeSet<>(chosen.keySet());
    for (WebhookSetting<?> setting : WebhookSetting.ALL) {
      Object value = chosen.get(setting.name());
      if (value != null) {
        try {
          values.put(setting, setting.type().read(value));
          unreadable.remove(setting.name());
        } catch (IllegalArgumentException ignored) {
          // it stays among those that are not readable
        }
      }
    }
    try {
      WebhookSettings restored = new SettingsPatch(values).applyTo(others);
      return unreadable.isEmpty() ? restored : withoutHeaders(restored, unreadable);
    } catch (IllegalArgumentException ignored) { // they do not fit together
      return withoutHeaders(others, new TreeSet<>(chosen.keySet()));
    }
  }

  private static WebhookSettings withoutHeaders(WebhookSettings read, Set<String> unreadable) {
    String error =
        ("this version cannot read the settings %s of the webhook; update this process, or edit the"
                + " webhook")
            .formatted(String.join(", ", unreadable));
    return new WebhookSettings(
        read.endpoint(),
        read.name(),
        read.externalId(),
        read.subscription(),
        CustomHeaders.undecryptable(error),
        read.delivery());
  }

  /// Returns the new value; empty if the setting stays as it is.
  @SuppressWarnings("unchecked") // `with` and `restore` put a value of the setting's type
  public <T> Optional<T> find(WebhookSetting<T> setting) {
    return Optional.ofNullable((T) values.get(setting));
  }

  /// Returns settings with the new values, and with the other values of the old ones. A format
  /// other than [Format#TEMPLATE] removes the template.
  ///
  /// @throws IllegalArgumentException if the values do not fit together
  public WebhookSettings applyTo(WebhookSettings old) {
    Format format = valueOf(WebhookSetting.FORMAT, old);
    Optional<String> template =
        find(WebhookSetting.TEMPLATE)
            .flatMap(Function.identity())
            .or(() -> format == Format.TEMPLATE ? old.delivery().template() : Optional.empty());
    Subscription subscription = old.subscription();
    for (WebhookSetting<?> setting : values.keySet()) {
      subscription = set(setting, subscription);
    }
    return new WebhookSettings(
        old.endpoint(),
        valueOf(WebhookSetting.NAME, old),
        valueOf(WebhookSetting.EXTERNAL_ID, old),
        subscription,
        old.headers(),
        new DeliverySettings(
            format,
            template,
            valueOf(WebhookSetting.INCLUDE_CHANGES, old),
            valueOf(WebhookSetting.TIMEOUT, old),
            valueOf(WebhookSetting.RETRY_SCHEDULE, old),
            valueOf(WebhookSetting.MAX_PER_SECOND, old),
            valueOf(WebhookSetting.MAX_PER_MINUTE, old),
            valueOf(WebhookSetting.COLLAPSE, old)));
  }

  private <T> Subscription set(WebhookSetting<T> setting, Subscription subscription) {
    return setting.set(subscription, find(setting).orElseThrow());
  }

  private <T> T valueOf(WebhookSetting<T> setting, WebhookSettings old) {
    return find(setting).orElseGet(() -> setting.get(old));
  }
}
