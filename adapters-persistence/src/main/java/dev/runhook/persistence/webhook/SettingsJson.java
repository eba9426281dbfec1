package dev.runhook.persistence.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The column `settings`: the chosen settings of a webhook as a JSON object.
final class SettingsJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private SettingsJson() {}

  static String write(WebhookSettings settings) {
    try {
      return MAPPER.writeValueAsString(WebhookSetting.writeChosen(settings));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the settings of a webhook", e);
    }
  }

  /// Returns settings with the chosen ones.
  ///
  /// @param columns what the other columns contain
  static WebhookSettings read(String json, WebhookSettings columns) {
    try {
      return SettingsPatch.restore(MAPPER.readValue(json, OBJECT), columns);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot read the settings of a webhook", e);
    }
  }

  /// Returns the text of a setting as it is stored; null if it has its default.
  static @Nullable String text(WebhookSettings settings, WebhookSetting<?> setting) {
    return (String) WebhookSetting.writeChosen(settings).get(setting.name());
  }
}
