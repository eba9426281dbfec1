package dev.runhook.http.ingest;

import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.access.Access;
import dev.runhook.application.refusal.Refusal.RunEnded;
import dev.runhook.application.refusal.Refusal.StaleTransition;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RecordResult.Rejected;
import dev.runhook.application.run.RunIngestion;
import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.signing.IngestSecret;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Placement;
import dev.runhook.http.api.RequestScheduler;
import dev.runhook.http.api.Routes;
import dev.runhook.http.ingest.Notification.Ignored;
import dev.runhook.http.ingest.Notification.StateChange;
import dev.runhook.http.ingest.Platform.Signature;
import dev.runhook.http.json.JsonBodyReader;
import dev.runhook.http.json.Problem;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/// Routes at `/ingest` for the notifications of other platforms. The response is 200 even if a
/// notification is ignored, because repeating it would not help.
public final class IngestRoutes {
  private static final String INGEST = "/ingest";
  private static final List<Platform> PLATFORMS =
      List.of(HcpTerraform.PLATFORM, Spacelift.PLATFORM, Terrakube.PLATFORM, Atlantis.PLATFORM);

  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final Problem INVALID_SIGNATURE =
      Problem.of(
          401,
          "invalid-signature",
          "the signature is missing, or no secret of this server has made it");

  private final List<IngestSecret> secrets;
  private final RunJournal journal;
  private final Access access;
  private final RequestScheduler scheduler;
  private final Placement placement;

  /// @param secrets verify notifications that are signed, and name their account
  public IngestRoutes(
      List<IngestSecret> secrets,
      RunJournal journal,
      Access access,
      RequestScheduler scheduler,
      Placement placement) {
    this.secrets = secrets;
    this.journal = journal;
    this.access = access;
    this.scheduler = scheduler;
    this.placement = placement;
  }

  enum Result {
    RECORDED,
    /// The same transition was recorded before.
    REPEATED,
    IGNORED
  }

  record ResultListJson(List<ResultJson> items) {}

  /// The result of one notification. Without a run, everything else is null.
  ///
  /// @param message why it was ignored
  record ResultJson(
      Result result,
      Optional<StackId> stack,
      Optional<String> run,
      Optional<RunState> state,
      Optional<Long> stateVersion,
      Optional<String> message) {
    static ResultJson of(Recorded recorded) {
      Transition transition = recorded.transition();
      return new ResultJson(
          recorded.duplicate() ? Result.REPEATED : Result.RECORDED,
          Optional.of(transition.run().stack()),
          Optional.of(transition.run().name()),
          Optional.of(transition.state()),
          Optional.of(transition.version()),
          Optional.empty());
    }

    static ResultJson ignored(String reason) {
      return new ResultJson(
          Result.IGNORED,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(reason));
    }
  }

  public void mount(Routes routes) {
    for (Platform platform : PLATFORMS) {
      String path = INGEST + "/" + platform.name();
      platform
          .signature()
          .ifPresentOrElse(
              signature ->
                  routes.open(
                      POST,
                      ApiResponse.BASE_PATH + path,
                      context -> recordSigned(context, platform, signature)),
              () ->
                  routes.account(
                      POST, path, Role.WRITER, request -> recordAuthorized(request, platform)));
    }
  }

  private ApiResponse recordSigned(Context context, Platform platform, Signature signature) {
    byte[] body = ApiRequest.readJson(context, MAX_BODY_BYTES);
    // only Spacelift names the algorithm
    String hex =
        Optional.ofNullable(context.header(signature.header()))
            .orElse("")
            .replaceFirst("^sha256=", "");
    Optional<IngestSecret> signer =
        secrets.stream()
            .filter(secret -> secret.verifies(signature.algorithm(), body, hex))
            .findFirst();
    if (signer.isEmpty()) {
      return ApiResponse.of(INVALID_SIGNATURE)
          .withHeader(
              "WWW-Authenticate",
              "HMAC-%s header=\"%s\"".formatted(signature.algorithm(), signature.header()));
    }
    AccountId account = signer.get().account();
    List<Notification> notifications =
        JsonBodyReader.readObject(
            body, fields -> platform.read(fields, account, journal::nextRunName));
    access.acquireTransitions(account, notifications.size());
    return scheduler.act(account, database(notifications), () -> record(notifications, journal));
  }

  private int database(List<Notification> notifications) {
    List<Integer> databases =
        notifications.stream()
            .filter(StateChange.class::isInstance)
            .map(change -> placement.of(((StateChange) change).stack().id()))
            .distinct()
            .toList();
    return databases.size() == 1 ? databases.getFirst() : placement.ofAccount();
  }

  private ApiResponse recordAuthorized(ApiRequest request, Platform platform) {
    AccountId account = request.grant().account();
    List<Notification> notifications =
        request.readBody(fields -> platform.read(fields, account, journal::nextRunName));
    access.acquireTransitions(account, notifications.size());
    for (Notification notification : notifications) {
      if (notification instanceof StateChange(var stack, var ignored)) {
        access.authorize(request.grant(), Role.WRITER, stack.id().slug());
      }
    }
    return record(notifications, journal.within(request.scope()));
  }

  private static ApiResponse record(List<Notification> notifications, RunJournal journal) {
    RunIngestion runs = new RunIngestion(journal);
    return ApiResponse.ok(
        new ResultListJson(notifications.stream().map(each -> record(each, runs)).toList()));
  }

  private static ResultJson record(Notification notification, RunIngestion runs) {
    return switch (notification) {
      case Ignored(String reason) -> ResultJson.ignored(reason);
      case StateChange(var stack, var run) -> toJson(runs.record(stack, run));
    };
  }

  private static ResultJson toJson(RecordResult result) {
    if (result instanceof Rejected(StaleTransition ignored)) {
      return ResultJson.ignored("the run has this state or a later one");
    }
    if (result instanceof Rejected(RunEnded ignored)) {
      return ResultJson.ignored("the run has ended");
    }
    return ResultJson.of(result.orThrow());
  }
}
