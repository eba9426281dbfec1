package dev.runhook.diagnosis.certification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.text.TextLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The requests of a certification. Each has an event and a run of its own, unless stated
/// otherwise, and is signed for the time at which the certification starts.
public final class CertificationRequests {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATE_CHANGE =
      """
      {"account":"example","state":"FINISHED","stateVersion":8,"timestamp":1596979684,
       "run":{"id":"","branch":"main",
         "commit":{"authorLogin":"octocat","authorName":"Octo Cat","hash":"0ee3f1c","message":"Update main.tf",
           "timestamp":1596705932,"url":"https://example.com/0ee3f1c"},
         "createdAt":1596979665,"delta":{"added":0,"changed":0,"deleted":0,"resources":1},
         "triggeredBy":"octocat@example.com","type":"TRACKED"},
       "stack":{"id":"demo","name":"Demo","description":"","labels":[]}}
      """;
  private static final String PING =
      """
      {"account":"example","event":"ping","timestamp":1596979684,
       "stack":{"id":"demo","name":"Demo","description":"","labels":[]},
       "webhook":{"id":"0198c0de-0000-7000-8000-000000000001","endpoint":"https://example.com/hooks"}}
      """;

  /// What JSON libraries write differently: characters outside of ASCII, those of HTML, slashes,
  /// and a control character, whose escape has uppercase digits in one library.
  private static final String UNICODE =
      "Grüße \ud83d\ude80 構成 <a href=\"/\">&amp;</a> \\ 'é' \u2028 \u001b[0m \u007f";

  /// In JSON, it takes six bytes.
  private static final String ESCAPED = "\u0001";

  private static final int LABELS = 64;
  private static final int VERSION_7 = 0x7000;
  private static final int VERSION_BITS = 16;
  private static final long VARIANT = 1L << 63;
  private static final WebhookSigner SIGNER = new WebhookSigner(true);

  private final SigningKeys keys;
  private final Instant now;
  private final String userAgent;
  private int count;

  /// @param now the current time, from which the ids are derived
  /// @param userAgent such as `Runhook/1.0.0`
  public CertificationRequests(SigningSecret secret, Instant now, String userAgent) {
    this.keys = SigningKeys.of(secret);
    this.now = now;
    this.userAgent = userAgent;
  }

  SampleRequest delivery() {
    return stateChange(ignored -> {});
  }

  SampleRequest forgery() {
    return request("run_state_changed", stateChangeText(ignored -> {}), now, SignatureSet::forged);
  }

  /// Returns a signature that is not valid for any request.
  String otherSignature() {
    return forgery().value(SampleRequest.STANDARD);
  }

  /// Returns a delivery whose id is not the signed one. `X-Signature-256` does not cover it.
  SampleRequest deliveryWithAnotherId() {
    String other = nextId();
    return delivery().withValues(SampleRequest.ID::equals, ignored -> other);
  }

  static String withAnotherState(String body) {
    return body.replace("FINISHED", "CANCELED");
  }

  static String withAnotherEnd(String body) {
    return body.replace("\"labels\":[]", "\"labels\":[1]");
  }

  /// Returns a delivery that is correctly signed for another time.
  SampleRequest deliveryAfter(Duration delay) {
    return request("run_state_changed", stateChangeText(ignored -> {}), now.plus(delay), it -> it);
  }

  /// Returns a state of the same run for every version.
  SampleRequest version(long version) {
    return stateChange(event -> {
      event.put("stateVersion", version);
      run(event).put("id", "ordered-" + now.toEpochMilli());
    });
  }

  SampleRequest absentValues() {
    return stateChange(event -> {
      run(event).putNull("delta").putNull("triggeredBy");
      commit(event).putNull("authorLogin").putNull("timestamp").putNull("url").put("message", "");
    });
  }

  SampleRequest unknownFields() {
    return stateChange(event -> {
      for (ObjectNode each : List.of(event, run(event), commit(event), stack(event))) {
        each.putObject("futureField").put("ratio", 0.5).putArray("values").add(1).addNull();
      }
    });
  }

  SampleRequest unicode() {
    return stateChange(event -> {
      run(event).put("triggeredBy", UNICODE);
      commit(event).put("message", UNICODE).put("authorName", UNICODE);
      stack(event).put("name", UNICODE).putArray("labels").add(UNICODE);
    });
  }

  /// Returns a delivery with all fields at their limits.
  SampleRequest largest() {
    String name = ESCAPED.repeat(TextLimits.MAX_NAME);
    String text = ESCAPED.repeat(TextLimits.MAX_TEXT);
    String url = "https://example.com/";
    String longUrl = url + "x".repeat(TextLimits.MAX_URL - url.length());
    return stateChange(event -> {
      event.put("note", text);
      run(event).put("branch", name).put("triggeredBy", name).put("url", longUrl);
      run(event).put("command", text);
      commit(event).put("authorLogin", name).put("authorName", name).put("hash", name);
      commit(event).put("message", ESCAPED.repeat(TextLimits.MAX_COMMIT_MESSAGE));
      commit(event).put("url", longUrl);
      stack(event).put("name", name).put("description", text).put("url", longUrl);
      stack(event).put("repository", longUrl);
      for (int i = 0; i < LABELS; i++) {
        stack(event).withArray("labels").add(ESCAPED.repeat(TextLimits.MAX_LABEL));
      }
    });
  }

  SampleRequest ping() {
    return request("ping", parse(PING).toString(), now, it -> it);
  }

  private SampleRequest stateChange(Consumer<ObjectNode> change) {
    return request("run_state_changed", stateChangeText(change), now, it -> it);
  }

  private String stateChangeText(Consumer<ObjectNode> change) {
    ObjectNode event = parse(STATE_CHANGE);
    run(event).put("id", nextId());
    change.accept(event);
    return event.toString();
  }

  private SampleRequest request(
      String event, String text, Instant sentAt, UnaryOperator<SignatureSet> change) {
    String id = nextId();
    Payload body = Payload.of(text);
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", body.format().contentType()));
    headers.add(new Header("User-Agent", userAgent));
    headers.add(new Header("X-Runhook-Event", event));
    headers.add(new Header("X-Runhook-Test", "true"));
    headers.add(new Header("X-Runhook-Delivery", nextId()));
    headers.add(new Header(SampleRequest.ATTEMPT, "1"));
    headers.addAll(change.apply(SIGNER.sign(keys, id, sentAt, body.bytes())).headers(id, sentAt));
    return new SampleRequest(headers, body);
  }

  private String nextId() {
    long time = now.toEpochMilli() << VERSION_BITS;
    return new UUID(time | VERSION_7, VARIANT | count++).toString();
  }

  private static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a sample is not JSON", e);
    }
  }

  private static ObjectNode run(ObjectNode event) {
    return event.withObject("/run");
  }

  private static ObjectNode commit(ObjectNode event) {
    return event.withObject("/run/commit");
  }

  private static ObjectNode stack(ObjectNode event) {
    return event.withObject("/stack");
  }
}
