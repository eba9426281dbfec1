package dev.runhook.bench.load;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningSecret;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Stacks with their webhooks, and runs that are spread over the stacks. Report number n belongs to
/// run n modulo the number of runs, so that the reports of one run are far apart. Its note is n, by
/// which the sink identifies it.
///
/// @param fanOut the number of webhooks on each stack
public record Dataset(AccountId account, int stacks, int runs, int fanOut) {
  public static final AccountId ACCOUNT = new AccountId("bench");

  /// The secret of every webhook, by which the sink verifies signatures.
  public static final SigningSecret SECRET =
      SigningSecret.parse("bench-secret-of-32-characters-01");

  /// Makes payloads about 700 bytes long.
  private static final int PADDING = 277;

  private static final RunState STATE = RunState.PLANNING;

  /// The dataset of [#ACCOUNT].
  public Dataset(int stacks, int runs, int fanOut) {
    this(ACCOUNT, stacks, runs, fanOut);
  }

  public StackId stack(int index) {
    return new StackId(account, "stack-" + index);
  }

  public RunId run(int index) {
    return new RunId(stack(index % stacks), "run-" + index);
  }

  public RunDetails runDetails() {
    Commit commit =
        new Commit(
            "0ee3f1c9a8b7d6e5f4a3b2c1d0e9f8a7b6c5d4e3",
            "Add a subnet; ".repeat(PADDING / 14),
            "Octo Cat",
            Optional.of("octocat"),
            Optional.of(Instant.ofEpochSecond(1_596_705_932)),
            Optional.of("https://git.example.com/infra/commit/0ee3f1c"));
    return new RunDetails(
        RunType.TRACKED,
        "main",
        commit,
        Optional.of("octocat@example.com"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public TransitionReport report(int number) {
    return TransitionReport.of(run(number % runs), STATE).withNote(Integer.toString(number));
  }

  /// The path of a request with only this report; [#requestBody] is its body.
  public String requestPath(int number) {
    RunId run = run(number % runs);
    return "/api/v1/stacks/" + run.stack().slug() + "/runs/" + run.name() + "/transitions";
  }

  public String requestBody(int number) {
    return "{\"state\":\"" + STATE + "\",\"note\":\"" + number + "\"}";
  }

  /// The report as one item of a batch request.
  public String arrayItem(int number) {
    RunId run = run(number % runs);
    return String.format(
        Locale.ROOT,
        "{\"stack\":\"%s\",\"run\":\"%s\",\"state\":\"%s\",\"note\":\"%d\"}",
        run.stack().slug(),
        run.name(),
        STATE,
        number);
  }

  /// The HTTP request with a number of reports, the first of which has the given number.
  String request(int first, int count, String token) {
    if (count == 1) {
      return post(requestPath(first), requestBody(first), token);
    }
    StringBuilder items = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      items.append(i == 0 ? "" : ",").append(arrayItem(first + i));
    }
    return post("/api/v1/transitions", items.append(']').toString(), token);
  }

  private static String post(String path, String body, String token) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + token
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
