package dev.runhook.spring;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The properties `runhook.web.*`.
///
/// @param path where the application serves Runhook's API and web UI, such as `/runhook`
@ConfigurationProperties("runhook.web")
public record RunhookWebProperties(String path) {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

  public RunhookWebProperties {
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "runhook.web.path must be a path such as /runhook, but is \"" + path + "\"");
    }
  }
}
