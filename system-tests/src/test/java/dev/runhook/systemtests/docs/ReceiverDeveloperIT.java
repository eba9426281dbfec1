package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A developer of a receiver works with a shell and curl.
class ReceiverDeveloperIT {
  private static final String SESSION =
      """
      set -eu
      api() { curl -sS -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" "$@"; }

      printf "It's a Secret to Everybody\\n" >secret.txt
      : >listen.log
      runhook listen --port 0 --secret-file secret.txt --json --fail 500 --times 1 --once 3 >deliveries 2>>listen.log &
      listener=$!
      endpoint=
      until [ -n "$endpoint" ]; do
        endpoint=$(sed -n 's/^Listening at \\([^;]*\\);.*/\\1/p' listen.log)
        kill -0 $listener
        sleep 0.1
      done

      api -X PUT "$API/stacks/demo" -d '{"name": "Demo"}' >/dev/null
      webhook=$(api "$API/stacks/demo/webhooks" -d "{\\"endpoint\\": \\"$endpoint\\", \\"secret\\": \\"$(cat secret.txt)\\"}" | sed 's/^{"id":"\\([^"]*\\)".*/\\1/')
      api "$API/stacks/demo/runs" -d '{"id": "first", "branch": "main", "commit": {"hash": "0ee3f1c", "message": "Add a subnet"}}' >/dev/null
      api "$API/stacks/demo/runs/first/transitions" -d '{"state": "PREPARING"}' >/dev/null
      wait $listener && echo "listen ended with 0"
      sed 's/.*"attempt":"\\([0-9]*\\)","state":"\\([A-Z]*\\)".*"status":\\([0-9]*\\).*/\\2 attempt \\1 answered \\3/' deliveries

      tail -n 1 deliveries >last
      signature=$(sed 's/.*"x-signature-256":"\\([^"]*\\)".*/\\1/' last)
      body=$(sed 's/.*,"body":\\(.*\\)}$/\\1/' last)
      id=$(sed 's/.*"webhook-id":"\\([^"]*\\)".*/\\1/' last)
      timestamp=$(sed 's/.*"webhook-timestamp":"\\([^"]*\\)".*/\\1/' last)
      standard=$(sed 's/.*"webhook-signature":"\\([^"]*\\)".*/\\1/' last)

      printf %s "$body" | runhook verify --secret-file secret.txt --body - --signature "$signature" && echo "exit 0"
      printf %s "$body" | runhook verify --secret-file secret.txt --body - --signature "$standard" --id "$id" --timestamp "$timestamp" && echo "exit 0"
      echo "$body" >body.json
      runhook verify --secret-file secret.txt --body body.json --signature "$signature" || echo "exit $?"
      runhook verify --secret-file secret.txt --body body.json 2>/dev/null || echo "exit $?"
      api "$API/signatures/check" -d "{\\"signature\\": \\"$signature\\", \\"bodyBase64\\": \\"$(base64 <body.json | tr -d '\\n')\\", \\"stack\\": \\"demo\\", \\"webhook\\": \\"$webhook\\"}"
      echo

      api "$API/stacks/demo/webhooks/$webhook/secret" -d '{"secret": "another one"}' >/dev/null
      api "$API/signatures/check" -d "{\\"signature\\": \\"$signature\\", \\"bodyBase64\\": \\"$(printf %s "$body" | base64 | tr -d '\\n')\\", \\"stack\\": \\"demo\\", \\"webhook\\": \\"$webhook\\"}"
      echo
      """;

  @TempDir private Path data;
  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    installation =
        ServerInstallation.withPreparedDatabase(
            data,
            Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8", "RUNHOOK_RETRY_SCHEDULE", "100ms"));
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void deliveries_are_received_verified_and_diagnosed_in_a_shell() throws Exception {
    RunhookProcess server = installation.serve();
    String variables =
        "API='%s/api/v1' TOKEN='%s'%nrunhook() { '%s' \"$@\"; }%n"
            .formatted(
                server.url(), installation.token(), String.join("' '", RunhookProcess.command()));
    CodeSnippets shell = new CodeSnippets(folder);
    shell.run(List.of("curl", "--version"));

    List<String> output = shell.run(List.of("sh", "-c", variables + SESSION)).lines().toList();

    assertThat(output)
        .containsSubsequence(
            "listen ended with 0",
            "QUEUED attempt 1 answered 500",
            "QUEUED attempt 2 answered 204",
            "PREPARING attempt 1 answered 204")
        .filteredOn(line -> line.startsWith("exit "))
        .containsExactly("exit 0", "exit 0", "exit 1", "exit 2");
    assertThat(output)
        .filteredOn(line -> line.startsWith("VERIFIED  "))
        .satisfiesExactly(
            first -> assertThat(first).contains("X-Signature-256 is valid"),
            second -> assertThat(second).contains("webhook-signature is valid"));
    assertThat(output)
        .anyMatch(line -> line.startsWith("  cause  the signed body does not have the line break"));
    assertThat(output)
        .filteredOn(line -> line.startsWith("{"))
        .satisfiesExactly(
            first -> assertThat(first).contains("\"EXPLAINED\"", "\"newline-removed\""),
            second -> assertThat(second).contains("\"EXPLAINED\"", "\"previous-secret\""));
  }
}
