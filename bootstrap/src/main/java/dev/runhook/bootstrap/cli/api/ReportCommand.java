package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.CiVariables;
import dev.runhook.bootstrap.cli.client.LogExcerpt;
import dev.runhook.bootstrap.cli.client.TerraformPlan;
import dev.runhook.client.ApiProblemException;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.ResourceChange;
import dev.runhook.domain.run.ResourceChanges;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.text.TextLimits;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "report",
    description = "Reports a state of a run, for CI jobs. The first report creates the run.",
    footer =
        "The first report needs the branch and the commit. In GitHub Actions, GitLab CI/CD and"
            + " Atlantis, they come from the variables of the job, like the URL and the user.")
public final class ReportCommand extends ApiCommand {
  @Option(
      names = "--stack",
      required = true,
      paramLabel = "STACK",
      description = "The id of the stack.")
  private String stack = "";

  @Option(
      names = "--create-stack",
      description = "Creates the stack if it does not exist, named by its id.")
  private boolean createStack;

  @Option(names = "--run", required = true, paramLabel = "RUN", description = "The id of the run.")
  private String run = "";

  @Option(
      names = "--state",
      required = true,
      paramLabel = "STATE",
      description = "The state that the run has entered: ${COMPLETION-CANDIDATES}.")
  private RunState state = RunState.QUEUED;

  @Option(names = "--note", paramLabel = "TEXT", description = "A note about this state.")
  private @Nullable String note;

  @Option(
      names = "--note-file",
      paramLabel = "FILE",
      description =
          "A log whose last lines are added to the note, without colors and with secrets masked.")
  private @Nullable Path noteFile;

  @Option(
      names = "--note-tail",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many lines of the log (default: ${DEFAULT-VALUE}).")
  private int noteTail = 20;

  @Option(
      names = "--plan-json",
      paramLabel = "FILE",
      description =
          "The output of terraform show -json: what the run changes. Its sensitive values are masked in"
              + " the log.")
  private @Nullable Path planJson;

  private Optional<TerraformPlan> plan = Optional.empty();

  /// Whether secrets of the plan are unknown.
  private boolean isLogUnsafe;

  @Option(names = "--added", paramLabel = "N", description = "The number of added resources.")
  private @Nullable Long added;

  @Option(names = "--changed", paramLabel = "N", description = "The number of changed resources.")
  private @Nullable Long changed;

  @Option(names = "--deleted", paramLabel = "N", description = "The number of deleted resources.")
  private @Nullable Long deleted;

  @Option(names = "--resources", paramLabel = "N", description = "The number of all resources.")
  private @Nullable Long resources;

  @Option(
      names = "--type",
      defaultValue = "TRACKED",
      paramLabel = "TYPE",
      description = "The type of a new run (default: ${DEFAULT-VALUE}).")
  private RunType type = RunType.TRACKED;

  @Option(names = "--branch", paramLabel = "BRANCH", description = "The branch of a new run.")
  private @Nullable String branch;

  @Option(names = "--commit", paramLabel = "HASH", description = "The commit of a new run.")
  private @Nullable String commit;

  @Option(names = "--message", paramLabel = "TEXT", description = "The message of the commit.")
  private @Nullable String message;

  @Option(names = "--page", paramLabel = "URL", description = "The URL of a page about a new run.")
  private @Nullable String page;

  @Option(
      names = "--triggered-by",
      paramLabel = "WHO",
      description = "The user who started a new run.")
  private @Nullable String triggeredBy;

  @Override
  public Integer call() {
    requireRange("--note-tail", noteTail, 1, 1000);
    if (planJson != null) {
      plan = read(planJson);
      isLogUnsafe |= plan.isPresent() && plan.get().secrets().isEmpty();
      if (isLogUnsafe && noteFile != null) {
        err().println("runhook: the note has no log, because secrets of the plan cannot be masked");
      }
    }
    JsonNode recorded = recordOrStart();
    return printChange(
        recorded,
        "%s is version %s of run %s on %s"
            .formatted(state, recorded.path("stateVersion").asText(), run, stack));
  }

  private JsonNode recordOrStart() {
    try {
      return recordTransition();
    } catch (ApiProblemException e) {
      switch (e.problem().type()) {
        case "no-such-run" -> {}
        case "no-such-stack" -> register();
        default -> throw e;
      }
    }
    try {
      return start();
    } catch (ApiProblemException e) {
      if (e.problem().type().equals("run-conflict")) {
        return recordTransition(); // another job has created the run
      }
      throw e;
    }
  }

  private JsonNode recordTransition() {
    return post(ApiPath.of("stacks", stack, "runs", run, "transitions"), transition());
  }

  private void register() {
    if (!createStack) {
      throw failure("there is no stack \"" + stack + "\"; create it with --create-stack");
    }
    send("PUT", ApiPath.of("stacks", stack), object().put("name", stack));
  }

  private JsonNode start() {
    CiVariables ci = CiVariables.of(environment());
    ObjectNode body = transition().put("id", run).put("type", type.name());
    body.put("branch", require("--branch", branch, ci.branch()));
    ObjectNode details =
        body.putObject("commit").put("hash", require("--commit", commit, ci.commit()));
    details.put("message", message == null ? ci.message() : message);
    details.put("authorName", ci.author()).put("url", ci.commitUrl());
    body.put("url", page == null ? ci.url() : page);
    body.put("triggeredBy", triggeredBy == null ? ci.triggeredBy() : triggeredBy);
    return post(ApiPath.of("stacks", stack, "runs"), body);
  }

  /// A state is reported even if the plan cannot be read.
  private Optional<TerraformPlan> read(Path file) {
    try {
      return Optional.of(TerraformPlan.read(file, noteFile != null));
    } catch (NoSuchFileException ignored) {
      err().println("runhook: there is no file " + file + ", so the report has no changes");
    } catch (IOException e) {
      isLogUnsafe = true;
      err().println("runhook: " + file + " is not used: " + e.getMessage());
    }
    return Optional.empty();
  }

  /// A state is reported even if the log cannot be read. Without the plan, its sensitive values
  /// could remain in the log.
  private @Nullable String note() {
    if (noteFile == null) {
      return note;
    }
    if (isLogUnsafe) {
      return note;
    }
    String excerpt = "";
    try {
      excerpt =
          LogExcerpt.read(
              noteFile,
              noteTail,
              environment(),
              plan.flatMap(TerraformPlan::secrets).orElse(List.of()));
    } catch (IOException e) {
      err().println("runhook: " + noteFile + " cannot be read, so the note has no log: " + e);
    }
    String text = note == null ? excerpt : note + "\n" + excerpt;
    return text.isBlank() ? null : TextLimits.shorten(text.strip(), TextLimits.MAX_TEXT);
  }

  private ObjectNode transition() {
    ObjectNode body = object().put("state", state.name()).put("note", note());
    if (added != null || changed != null || deleted != null || resources != null) {
      body.putObject("delta")
          .put("added", orZero(added))
          .put("changed", orZero(changed))
          .put("deleted", orZero(deleted))
          .put("resources", orZero(resources));
    } else if (plan.isPresent()) {
      Delta delta = plan.get().delta();
      body.putObject("delta")
          .put("added", delta.added())
          .put("changed", delta.changed())
          .put("deleted", delta.deleted())
          .put("resources", delta.resources());
    }
    plan.map(TerraformPlan::changes).ifPresent(changes -> addChanges(body, changes));
    return body;
  }

  private static void addChanges(ObjectNode body, ResourceChanges changes) {
    ArrayNode items = body.putArray("changes");
    for (ResourceChange change : changes.items()) {
      items
          .addObject()
          .put("address", change.address())
          .put("type", change.type())
          .put("action", change.action().wireName());
    }
    body.put("changesTruncated", changes.truncated());
  }

  private String require(String option, @Nullable String value, @Nullable String fromJob) {
    String text = value == null ? fromJob : value;
    if (text == null) {
      throw usageError("the run " + run + " does not exist; to create it, set " + option);
    }
    return text;
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }
}
