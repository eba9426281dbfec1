package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The server that commands call, and the token that they send.
public record Login(URI url, String token) {
  /// The variables that take precedence over the stored login.
  private static final String URL_VARIABLE = "RUNHOOK_URL";

  private static final String TOKEN_VARIABLE = "RUNHOOK_TOKEN";
  private static final String HINT = "; run ./runhook login, or set " + TOKEN_VARIABLE;

  /// Finds the server and the token: in the option, in the environment, in the stored login. The
  /// stored token is sent only to the server that it was stored for.
  ///
  /// @param option the URL in the command line; null for none
  /// @throws ConfigurationException if there is none
  public static Login find(@Nullable String option, Map<String, String> environment) {
    Supplier<Optional<Login>> stored = () -> read(file(environment));
    URI url =
        Optional.ofNullable(option)
            .or(() -> variable(environment, URL_VARIABLE))
            .map(Login::parseUrl)
            .or(() -> stored.get().map(Login::url))
            .orElseThrow(() ->
                new ConfigurationException(
                    "not signed in; run ./runhook login, or set %s and %s"
                        .formatted(URL_VARIABLE, TOKEN_VARIABLE)));
    String token =
        variable(environment, TOKEN_VARIABLE)
            .or(() -> stored.get().filter(login -> login.url().equals(url)).map(Login::token))
            .orElseThrow(() -> new ConfigurationException("not signed in to " + url + HINT));
    return new Login(url, token);
  }

  /// Parses the address of a server. Without a scheme, it is `http` for this machine and `https`
  /// for any other.
  ///
  /// @throws ConfigurationException if it is not valid
  public static URI parseUrl(String text) {
    boolean local = isLocal(text.replaceFirst("(:\\d+)?(/.*)?$", ""));
    String url = text.contains("://") ? text : (local ? "http://" : "https://") + text;
    try {
      URI parsed = new URI(url.replaceAll("/+$", ""));
      if (parsed.getHost() != null
          && parsed.getUserInfo() == null
          && parsed.getQuery() == null
          && String.valueOf(parsed.getScheme()).matches("https?")) {
        return parsed;
      }
    } catch (URISyntaxException _) {
      // rejected below
    }
    throw new ConfigurationException(
        "the address of the server must be a URL such as https://runhook.example.com");
  }

  /// Returns whether the host is this machine.
  public static boolean isLocal(String host) {
    return host.matches("localhost|127\\.[0-9.]+|\\[::1]");
  }

  /// The file of the stored login, in the user's configuration directory.
  public static Path file(Map<String, String> environment) {
    Path configuration =
        variable(environment, "XDG_CONFIG_HOME")
            .map(Path::of)
            .orElseGet(() -> Path.of(home(environment), ".config"));
    return configuration.resolve("runhook").resolve("login.json");
  }

  private static String home(Map<String, String> environment) {
    return variable(environment, "HOME").orElseGet(() -> System.getProperty("user.home"));
  }

  /// Stores the login in a file that only its owner can read.
  public void write(Path file) throws IOException {
    DataDirectory.writeSecret(
        file,
        JsonNodeFactory.instance
            .objectNode()
            .put("url", url.toString())
            .put("token", token)
            .toPrettyString());
  }

  private static Optional<Login> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      return Optional.of(
          new Login(parseUrl(json.path("url").asText()), json.path("token").asText()));
    } catch (IOException | ConfigurationException _) {
      throw new ConfigurationException(file + " is not readable; run ./runhook login again");
    }
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  @Override
  public String toString() {
    return "login to " + url;
  }
}
