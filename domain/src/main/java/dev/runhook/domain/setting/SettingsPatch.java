package dev.runhook.domain.setting;

import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
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

  /// Reads what [WebhookSetting#writeChosen] returned, perhaps in a later version.
  ///
  /// @param unreadable gets the names of settings that are unknown or have an invalid value; the
  ///   patch does not change them
  public static SettingsPatch read(Map<String, Object> json, Consumer<String> unreadable) {
    Map<WebhookSetting<?>, Object> values = new HashMap<>();
    Set<String> rest = new TreeSet<>(json.keySet());
    for (WebhookSetting<?> setting : WebhookSetting.ALL) {
      Object value = json.get(setting.name());
      if (value != null) {
        try {
          values.put(setting, setting.type().read(value));
          rest.remove(setting.name());
        } catch (IllegalArgumentException ignored) {
          // reported below
        }
      }
    }
    rest.forEach(unreadable);
    return new SettingsPatch(values);
  }

  /// Returns the new value; empty if the setting stays as it is.
  @SuppressWarnings("unchecked") // `with` and `read` put a value of the setting's type
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
        subscription,
        old.headers(),
        new DeliverySettings(
            format,
            template,
            valueOf(WebhookSetting.TIMEOUT, old),
            valueOf(WebhookSetting.RETRY_SCHEDULE, old)));
  }

  private <T> Subscription set(WebhookSetting<T> setting, Subscription subscription) {
    return setting.set(subscription, find(setting).orElseThrow());
  }

  private <T> T valueOf(WebhookSetting<T> setting, WebhookSettings old) {
    return find(setting).orElseGet(() -> setting.get(old));
  }
}
