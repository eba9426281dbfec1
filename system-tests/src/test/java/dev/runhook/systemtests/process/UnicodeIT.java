package dev.runhook.systemtests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sends text in many scripts from the API through PostgreSQL to the receiver.
class UnicodeIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TEXTS =
      List.of(
          "Zażółć gęślą jaźń, Съешь ещё, Ξεσκεπάζω, שלום, مرحبا \u202e, नमस्ते, สวัสดี",
          "こんにちは世界 你好 𠜎 안녕하세요 👩‍👩‍👧‍👦 🏳️‍🌈",
          "\b\t\n\f\r\u0001\u001b\u007f\u0085 \ufeff \u200b \u2028 \u2029 \ufffe \uffff e\u0301",
          "\"quoted\" \\ / <b>&amp;</b> ' $1 :named ? %s '; drop table runhook.webhook; --",
          "x".repeat(128),
          "🚀".repeat(64));

  @TempDir private Path folder;

  @Test
  void text_in_every_script_is_delivered_unchanged() throws Exception {
    try (ServerInstallation installation =
            ServerInstallation.withPreparedDatabase(
                folder, Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"));
        RecordingReceiver receiver = RecordingReceiver.accepting()) {
      RunhookProcess server = installation.serve();
      ApiClient client = new ApiClient(server.url(), server.printedToken());

      for (int i = 0; i < TEXTS.size(); i++) {
        String text = TEXTS.get(i);
        String stack = "s" + i;
        int before = receiver.requests().size();
        client.put("/stacks/" + stack, stack(text)).requireSuccess();
        client.createWebhook(stack, receiver.url() + stack, RecordingReceiver.SECRET);

        JsonNode stored =
            client.post("/stacks/" + stack + "/runs", run(text)).requireSuccess().json();
        await().atMost(RunhookProcess.TIMEOUT).until(() -> receiver.requests().size() > before);

        assertThat(stored.path("branch").textValue()).isEqualTo(text);
        ReceivedRequest request = receiver.requests().get(before);
        assertThat(request.verified()).isTrue();
        JsonNode payload = request.json();
        for (String pointer :
            List.of(
                "/note",
                "/run/branch",
                "/run/commit/hash",
                "/run/commit/message",
                "/run/commit/authorName",
                "/run/commit/authorLogin",
                "/run/commit/url",
                "/run/triggeredBy",
                "/run/url",
                "/run/command",
                "/stack/name",
                "/stack/description",
                "/stack/labels/0",
                "/stack/url",
                "/stack/repository")) {
          assertThat(payload.at(pointer).textValue())
              .as("%s of text %d", pointer, i)
              .isEqualTo(text);
        }
      }
    }
  }

  private static String stack(String text) {
    ObjectNode stack = JSON.createObjectNode();
    for (String field : List.of("name", "description", "url", "repository")) {
      stack.put(field, text);
    }
    stack.putArray("labels").add(text);
    return stack.toString();
  }

  private static String run(String text) {
    ObjectNode run = JSON.createObjectNode().put("id", "run-1");
    for (String field : List.of("branch", "triggeredBy", "url", "command", "note")) {
      run.put(field, text);
    }
    ObjectNode commit = run.putObject("commit");
    for (String field : List.of("hash", "message", "authorName", "authorLogin", "url")) {
      commit.put(field, text);
    }
    return run.toString();
  }
}
