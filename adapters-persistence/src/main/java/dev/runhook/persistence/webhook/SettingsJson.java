package dev.runhook.persistence.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.ArrayList;
import java.util.List;
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

  /// Reads the chosen settings into the ones that the columns contain. If a later version has
  /// written a setting that this one does not know, nothing is sent: the headers are then like
  /// those that cannot be decrypted.
  static WebhookSettings read(String json, WebhookSettings columns) {
    try {
      List<String> unreadable = new ArrayList<>();
      WebhookSettings read =
          SettingsPatch.read(MAPPER.readValue(json, OBJECT), unreadable::add).applyTo(columns);
      return unreadable.isEmpty() ? read : withoutHeaders(read, unreadable);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot read the settings of a webhook", e);
    }
  }

  private static WebhookSettings withoutHeaders(WebhookSettings read, List<String> unreadable) {
    String error =
        "this version does not know %s of the webhook; update this process, or edit the webhook"
            .formatted(String.join(", ", unreadable));
    return new WebhookSettings(
        read.endpoint(),
        read.name(),
        read.subscription(),
        CustomHeaders.undecryptable(error),
        read.delivery());
  }
}
