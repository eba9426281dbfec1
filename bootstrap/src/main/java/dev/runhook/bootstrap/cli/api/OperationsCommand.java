package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// A group of commands that call one operation of the API each. `commands.yaml` describes them.
public abstract class OperationsCommand extends ApiCommand {
  /// Adds the commands of the group to it.
  public final void addTo(CommandSpec spec) {
    String file = "commands/" + spec.name() + ".json";
    try (InputStream commands =
        Objects.requireNonNull(OperationsCommand.class.getResourceAsStream(file))) {
      for (var each : new ObjectMapper().readTree(commands).properties()) {
        Operation operation = new Operation(this, this::run, each.getKey(), each.getValue());
        spec.addSubcommand(each.getKey(), new CommandLine(operation.spec()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command that was parsed and returns its exit code.
  int run(Operation operation) {
    return operation.isList() ? operation.printList() : print(operation, operation.send());
  }

  /// Prints the response.
  int print(Operation operation, JsonNode response) {
    return operation.print(response);
  }
}
