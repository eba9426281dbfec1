package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.bootstrap.cli.client.Login;
import dev.runhook.bootstrap.cli.command.CliCommand;
import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "login",
    description = "Checks a token and stores it for the commands that call a server.",
    footer =
        "Without --token-file, asks for the token, or reads it from standard input. Stores it in"
            + " ~/.config/runhook/login.json (or below $XDG_CONFIG_HOME), readable only by you. In CI,"
            + " set RUNHOOK_URL and RUNHOOK_TOKEN instead.")
public final class LoginCommand extends CliCommand {
  private static final int MAX_TOKEN_BYTES = 4096;

  @Parameters(
      paramLabel = "URL",
      arity = "0..1",
      defaultValue = "http://127.0.0.1:8080",
      description = "The server (default: ${DEFAULT-VALUE}).")
  private String url = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token, such as data/admin-token.")
  private @Nullable Path tokenFile;

  @Override
  public Integer call() {
    URI server = Login.parseUrl(url);
    Login login = new Login(server, token());
    JsonNode caller = withClient(login, client -> client.call("GET", "/session", null));
    if (!caller.has("account")) {
      throw failure(server + " is not a Runhook server; check the URL");
    }
    Path file = Login.file(environment());
    try {
      login.write(file);
    } catch (IOException e) {
      throw failure("cannot write " + file + ": " + e.getMessage());
    }
    err()
        .printf(
            "runhook: signed in to %s as %s, %s of the account %s%n",
            server,
            caller.path("name").asText(),
            caller.path("role").asText(),
            caller.path("account").asText());
    if (server.getScheme().equals("http") && !Login.isLocal(server.getHost())) {
      err().println("runhook: warning: without https, others in the network can read the token");
    }
    return EXIT_SUCCESS;
  }

  private String token() {
    String token = read().strip();
    if (token.isEmpty()) {
      throw usageError("the token is blank; pass it on standard input or with --token-file");
    }
    return token;
  }

  private String read() {
    if (tokenFile != null) {
      return read("--token-file", tokenFile);
    }
    try {
      Optional<Console> terminal =
          Optional.ofNullable(System.console()).filter(Console::isTerminal);
      if (terminal.isPresent()) {
        char[] typed = terminal.get().readPassword("Token: ");
        return typed == null ? "" : new String(typed);
      }
      return new String(System.in.readNBytes(MAX_TOKEN_BYTES), StandardCharsets.UTF_8);
    } catch (IOException _) {
      throw usageError("standard input cannot be read");
    }
  }
}
