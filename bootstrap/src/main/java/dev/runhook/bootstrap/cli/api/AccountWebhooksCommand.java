package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "account-webhooks",
    aliases = "account-webhook",
    description = "Manages webhooks for all stacks that a selector matches.",
    footer =
        "Each matching stack, including later ones, has a copy, which ./runhook webhooks lists.")
public final class AccountWebhooksCommand extends ApiCommand {
  private static final String WEBHOOKS = "account-webhooks";
  private static final List<Column> COLUMNS =
      Column.of(
          """
          ID /id, NAME /name, LABELS /selector/labels all, STACKS /selector/stacks all,
          ENABLED /enabled, ACTIVE /copies/active, PAUSED /copies/paused,
          DISABLED /copies/disabled, ENDPOINT /endpoint
          """);

  /// The account webhook that a command is about.
  static final class Target {
    @Parameters(paramLabel = "WEBHOOK", description = "The id of the account webhook.")
    private String webhook = "";

    private ApiPath path(String... action) {
      return ApiPath.of(WEBHOOKS, webhook).then(action);
    }
  }

  /// The stacks that an account webhook covers.
  static final class Selector {
    @Option(
        names = "--labels",
        paramLabel = "CONDITION",
        description =
            "Only stacks with these labels, such as \"env:production and not tier:sandbox\".")
    private @Nullable String labels;

    @Option(
        names = "--stacks",
        split = ",",
        paramLabel = "ID",
        description = "Only these stacks, separated by commas; * stands for any characters.")
    private @Nullable List<String> stacks;

    private boolean isGiven() {
      return labels != null || stacks != null;
    }

    private ObjectNode addTo(ObjectNode body) {
      ObjectNode selector = body.putObject("selector").put("labels", labels);
      (stacks == null ? List.<String>of() : stacks).forEach(selector.putArray("stacks")::add);
      return body;
    }
  }

  @Command(name = "list", description = "Lists account webhooks with the number of their copies.")
  int list(@Mixin Limit limit) {
    return printList(ApiPath.of(WEBHOOKS), limit, COLUMNS);
  }

  @Command(name = "get", description = "Shows an account webhook.")
  int get(@Mixin Target target) {
    return printDetails(get(target.path()), Map.of());
  }

  @Command(name = "preview", description = "Lists the stacks that a selector matches.")
  int preview(@Mixin Selector selector) {
    JsonNode found = post(ApiPath.of(WEBHOOKS, "preview"), selector.addTo(object()));
    StringBuilder text = new StringBuilder("stacks that match: " + found.path("count").asInt());
    found.path("stacks").forEach(stack -> text.append("\n  ").append(stack.asText()));
    return printChange(found, text.toString());
  }

  @Command(
      name = "create",
      description = "Creates an account webhook, for all stacks unless a selector is given.",
      footer =
          "Without --secret-file, Runhook generates a secret; ./runhook account-webhooks secret prints"
              + " it.")
  int create(@Mixin Selector selector, @Mixin WebhookOptions.Creation options) {
    JsonNode created = post(ApiPath.of(WEBHOOKS), selector.addTo(options.body(this)));
    err().println("runhook: created an account webhook; its id is on standard output");
    return printSaved(created, created.path("id").asText());
  }

  @Command(name = "edit", description = "Changes only the given options.")
  int edit(
      @Mixin Target target,
      @Option(names = "--all-stacks", description = "Covers all stacks.") boolean allStacks,
      @Mixin Selector selector,
      @Mixin WebhookOptions.Edit options) {
    if (allStacks && selector.isGiven()) {
      throw usageError("--all-stacks excludes --labels and --stacks");
    }
    ObjectNode selected = allStacks || selector.isGiven() ? selector.addTo(object()) : object();
    ObjectNode body = options.addTo(selected, this);
    return printSaved(
        send("PATCH", target.path(), body), "saved account webhook " + target.webhook);
  }

  @Command(
      name = "test",
      description =
          "Sends a test event, a sample with an example of a stack, and shows its result.",
      footer =
          "It is sent once and not stored, and needs no copies. Exit code 1 if it is not delivered"
              + " within 10 seconds.")
  int test(@Mixin Target target, @Mixin WebhooksCommand.TestEvent event) {
    JsonNode attempt = post(target.path("test"), event.body());
    printChange(attempt, WebhooksCommand.describeAttempt(attempt));
    return attempt.path("outcome").asText().equals("DELIVERED") ? EXIT_SUCCESS : EXIT_FAILURE;
  }

  @Command(name = "disable", description = "Disables an account webhook with all copies.")
  int disable(@Mixin Target target) {
    JsonNode webhook = send("PATCH", target.path(), object().put("enabled", false));
    return printChange(webhook, "disabled account webhook " + target.webhook);
  }

  @Command(
      name = "enable",
      description = "Enables an account webhook with all copies; deliveries that wait are sent.")
  int enable(@Mixin Target target) {
    JsonNode webhook = send("PATCH", target.path(), object().put("enabled", true));
    return printChange(webhook, "enabled account webhook " + target.webhook);
  }

  @Command(name = "secret", description = "Prints the secret. This is recorded in the audit log.")
  int secret(@Mixin Target target) {
    JsonNode secret = get(target.path("secret"));
    return printChange(secret, secret.path("secret").asText());
  }

  @Command(
      name = "rotate",
      description = "Replaces the secret. The previous one stays valid for a while.")
  int rotate(@Mixin Target target, @Mixin WebhooksCommand.Rotation options) {
    JsonNode rotated = post(target.path("secret"), options.body(this));
    return printSaved(rotated, "rotated the secret of account webhook " + target.webhook);
  }

  @Command(name = "delete", description = "Deletes an account webhook with its copies.")
  int delete(
      @Mixin Target target,
      @Option(names = "--yes", description = "Confirms the deletion.") boolean yes) {
    requireYes(yes, "the account webhook " + target.webhook + " with its copies");
    JsonNode deleted = send("DELETE", target.path(), null);
    return printChange(deleted, "deleted account webhook " + target.webhook);
  }
}
