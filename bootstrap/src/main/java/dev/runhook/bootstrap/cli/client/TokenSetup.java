package dev.runhook.bootstrap.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.http.account.TokenRoutes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A token in a [SetupFile].
///
/// @param token the body of a request that creates it
/// @param secretFile the file for the secret of a new token, which is not printed
public record TokenSetup(String name, ObjectNode token, Path secretFile) {
  static final Set<String> FIELDS = Set.of("name", "role", "stacks", "secretFile");

  /// @param names the names of the tokens before this one
  static Optional<TokenSetup> parse(
      SetupReader reader, String at, JsonNode fields, Set<String> names) {
    if (!reader.requireObject(at, fields, FIELDS)) {
      return Optional.empty();
    }
    String name = reader.requireUnique(at, fields, "name", names);
    String role = reader.requireText(at, fields, "role");
    Path secretFile = reader.resolve(reader.requireText(at, fields, "secretFile")).toAbsolutePath();
    if (!Files.isWritable(secretFile.resolveSibling("."))) {
      reader.addProblem(at + "/secretFile: its directory does not exist or is not writable");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name).put("role", role);
    ArrayNode stacks = SetupReader.sorted(reader.list(at, fields, "stacks"));
    if (fields.hasNonNull("stacks")) {
      body.set("stacks", stacks);
    }
    return reader
        .validate(at, body, TokenRoutes::parse)
        .map(_ -> new TokenSetup(name, body, secretFile));
  }

  /// Returns whether a token of the server has these permissions.
  boolean matches(JsonNode existing) {
    return permissions(token).equals(permissions(existing));
  }

  /// Describes the permissions of a token.
  static String permissions(JsonNode token) {
    String stacks =
        token.hasNonNull("stacks")
            ? SetupReader.sorted(token.path("stacks"))
                .valueStream()
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "))
            : "all stacks";
    return token.path("role").asText() + ", " + stacks;
  }

  @Override
  public String toString() {
    return "token " + name;
  }
}
