package dev.runhook.bootstrap.cli.receiver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.cli.command.SecretOption;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.diagnosis.certification.Certification;
import dev.runhook.diagnosis.certification.CertificationRequests;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.delivery.ReceiverCheck.Result;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.text.Durations;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.EndpointCheck;
import dev.runhook.domain.webhook.EndpointValidator;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "certify",
    description =
        "Tests a receiver: sends deliveries that it must accept, and requests that it must refuse.",
    footer = {
      "Sends about 25 requests with X-Runhook-Test: true, in a minute at most. Needs no server.",
      "Exit codes: 0 no check has failed, 1 some have, 2 wrong usage."
    })
public final class CertifyCommand extends CliCommand {
  private static final AccountId ACCOUNT = new AccountId("example");
  private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

  /// The developer of a receiver may call any address, such as this machine.
  private static final EgressPolicy ANY_ADDRESS =
      new EgressPolicy(List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")));

  @Parameters(paramLabel = "URL", description = "The endpoint of the receiver.")
  private String url = "";

  @ArgGroup(multiplicity = "1")
  private SecretOption secret = new SecretOption();

  @Option(
      names = "--timeout",
      defaultValue = "10s",
      paramLabel = "TIME",
      description = "Waits this long for each response (default: ${DEFAULT-VALUE}).")
  private String timeout = "10s";

  @Option(names = "--json", description = "Prints the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Endpoint endpoint = endpoint();
    Duration maxWait =
        parse("--timeout ", () -> Durations.parse(timeout, MIN_TIMEOUT, MAX_TIMEOUT));
    String text = secret.secret(this);
    SigningSecret key = parse("", () -> SigningSecret.parse(text));
    CertificationRequests samples =
        new CertificationRequests(key, Instant.now(), "Runhook/" + Version.text());
    try (HttpTransport transport =
        new HttpTransport(TransportSettings.of(ANY_ADDRESS), InstantSource.system())) {
      List<ReceiverCheck> checks =
          Certification.certify(
              endpoint.isTls(),
              samples,
              (headers, body, remaining) ->
                  send(
                      transport,
                      new SignedRequest(ACCOUNT, endpoint, headers, body, maxWait)
                          .withTimeoutAtMost(remaining)),
              check -> {
                if (!json) {
                  print(check);
                }
              });
      if (json) {
        printJson(checks);
      } else {
        printSummary(checks);
      }
      return count(checks, Result.FAILED) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
  }

  private Endpoint endpoint() {
    return switch (new EndpointValidator(ANY_ADDRESS).check(url)) {
      case EndpointCheck.Valid(Endpoint endpoint) -> endpoint;
      case EndpointCheck.Malformed(String reason) -> throw usageError(reason);
      case EndpointCheck.Forbidden(String rule) ->
          throw usageError("the endpoint may not be called: " + rule);
    };
  }

  private static Attempt send(Transport transport, SignedRequest request) {
    Instant startedAt = Instant.now();
    long start = System.nanoTime();
    Outcome outcome = transport.post(request);
    return new Attempt(1, startedAt, Duration.ofNanos(System.nanoTime() - start), outcome);
  }

  private void print(ReceiverCheck check) {
    String separator = check.result() == Result.FAILED ? "\n         " : ": ";
    String detail = check.detail().map(text -> separator + text).orElse("");
    out().println(word(check.result()) + "  " + check.name() + detail);
  }

  /// All words have the same length.
  private static String word(Result result) {
    return switch (result) {
      case PASSED -> "passed ";
      case FAILED -> "FAILED ";
      case SKIPPED -> "skipped";
    };
  }

  private void printSummary(List<ReceiverCheck> checks) {
    out()
        .println(
            "%d passed, %d failed, %d skipped"
                .formatted(
                    count(checks, Result.PASSED),
                    count(checks, Result.FAILED),
                    count(checks, Result.SKIPPED)));
  }

  private static long count(List<ReceiverCheck> checks, Result result) {
    return checks.stream().filter(check -> check.result() == result).count();
  }

  /// Prints the checks in the format of `POST …/checks`.
  private void printJson(List<ReceiverCheck> checks) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ArrayNode items = object.putArray("checks");
    for (ReceiverCheck check : checks) {
      items
          .addObject()
          .put("name", check.name())
          .put("result", check.result().name())
          .put("detail", check.detail().orElse(null));
    }
    out().println(object);
  }
}
