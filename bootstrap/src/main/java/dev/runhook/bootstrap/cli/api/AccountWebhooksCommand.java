package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
    name = "account-webhooks",
    aliases = "account-webhook",
    description = "Manages webhooks for all stacks that a selector matches.",
    footer =
        "Each matching stack, including later ones, has a copy, which ./runhook webhooks lists.")
public final class AccountWebhooksCommand extends OperationsCommand {
  @Override
  int print(Operation operation, JsonNode response) {
    if (operation.name().equals("test")) {
      printChange(response, describeAttempt(response));
      return exitCode(response.path("outcome"));
    }
    return super.print(operation, response);
  }
}
