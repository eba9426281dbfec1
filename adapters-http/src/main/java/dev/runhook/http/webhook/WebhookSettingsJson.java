package dev.runhook.http.webhook;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a user chooses for a webhook of a stack or of an account.
///
/// @param fields the endpoint, the settings, and the headers with masked values, which are null if
///   they cannot be decrypted
record WebhookSettingsJson(@JsonAnyGetter Map<String, @Nullable Object> fields) {
  static WebhookSettingsJson of(WebhookSettings settings) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("endpoint", settings.endpoint().text());
    WebhookSetting.write(settings)
        .forEach((name, value) -> {
          if (name.equals(WebhookSetting.TIMEOUT.name())) { // the order of the API description
            fields.put("headers", maskedHeaders(settings.headers()));
          }
          fields.put(name, value);
        });
    return new WebhookSettingsJson(fields);
  }

  private static @Nullable Map<String, String> maskedHeaders(CustomHeaders headers) {
    return headers.isDecrypted() ? byName(headers.masked()) : null;
  }

  static Map<String, String> byName(List<Header> headers) {
    Map<String, String> result = new LinkedHashMap<>();
    headers.forEach(header -> result.put(header.name(), header.value()));
    return result;
  }
}
