package dev.runhook.persistence.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.Map;

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

  static SettingsPatch read(String json) {
    try {
      return SettingsPatch.read(MAPPER.readValue(json, OBJECT));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot read the settings of a webhook", e);
    }
  }
}
