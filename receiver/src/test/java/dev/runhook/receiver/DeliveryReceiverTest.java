package dev.runhook.receiver;

import static dev.runhook.receiver.DeliveryResult.ACCEPTED;
import static dev.runhook.receiver.DeliveryResult.DUPLICATE;
import static dev.runhook.receiver.DeliveryResult.SIGNATURE_MISMATCH;
import static dev.runhook.receiver.DeliveryResult.SIGNATURE_MISSING;
import static dev.runhook.receiver.DeliveryResult.TIME_OUT_OF_RANGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryReceiverTest {
  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
  private static final Instant SENT_AT = Instant.ofEpochSecond(1_674_087_231);
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String SIGNATURE = "v1,XEV0M/u5yl9OZVFhWEG7pHwQc9gN/E7so9hjEiI8ogs=";
  private static final String SIGNATURE_OF_OLD_SECRET =
      "v1,Oraaz++fyu1iW/2Bnjy6KVQ8kG+jV57C8ZNjA9l0Rh0=";
  private static final Map<String, String> HEADERS =
      Map.of(
          "webhook-id", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
          "webhook-timestamp", "1674087231",
          "webhook-signature", SIGNATURE);
  private static final String STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final byte[] STANDARD_BODY = "{\"test\": 2432232314}".getBytes(UTF_8);

  private final DeliveryReceiver receiver = receiverAt(SENT_AT);
  private final List<String> processed = new ArrayList<>();

  private static DeliveryReceiver receiverAt(Instant now) {
    return DeliveryReceiver.withSecret(SECRET).withClock(() -> now);
  }

  @Test
  void a_delivery_is_processed_once() {
    for (DeliveryResult expected : List.of(ACCEPTED, DUPLICATE)) {
      DeliveryResult result =
          receiver.receive(HEADERS::get, BODY, () -> processed.add(new String(BODY, UTF_8)));

      assertThat(result).isEqualTo(expected);
      assertThat(result.status()).isEqualTo(204);
    }

    assertThat(processed).containsExactly("Hello, World!");
  }

  @Test
  void the_vector_of_the_standard_webhooks_libraries_verifies() {
    DeliveryReceiver standard =
        DeliveryReceiver.withSecret(STANDARD_SECRET)
            .withClock(() -> Instant.ofEpochSecond(1_614_265_330));
    Map<String, String> headers =
        Map.of(
            "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp", "1614265330",
            "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    assertThat(standard.verify(headers::get, STANDARD_BODY)).isEqualTo(ACCEPTED);
    assertThat(
            standard.verifiesBody(
                "sha256=80ec8a89ce3cd22133a1066caecb4d04fea7467657c8514d717ec42c38a5c94c",
                STANDARD_BODY))
        .isTrue();
  }

  @Test
  void the_signature_of_the_body_alone_verifies() {
    String signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    assertThat(receiver.verifiesBody(signature, BODY)).isTrue();
    assertThat(receiver.verifiesBody(signature, STANDARD_BODY)).isFalse();
    assertThat(receiver.verifiesBody(signature.substring(7), BODY)).isFalse();
    assertThat(receiver.verifiesBody(null, BODY)).isFalse();
  }

  @Test
  void the_sha1_signature_verifies_only_as_such() {
    String signature = "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59";

    assertThat(receiver.verifiesBodyWithSha1(signature, BODY)).isTrue();
    assertThat(receiver.verifiesBodyWithSha1(signature, STANDARD_BODY)).isFalse();
    assertThat(receiver.verifiesBodyWithSha1(null, BODY)).isFalse();
    assertThat(receiver.verifiesBody(signature, BODY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SIGNATURE + " " + SIGNATURE_OF_OLD_SECRET,
        SIGNATURE_OF_OLD_SECRET + " " + SIGNATURE,
        "v2,unknown " + SIGNATURE
      })
  void one_of_several_signatures_is_sufficient(String signatures) {
    assertThat(receiver.verify(with("webhook-signature", signatures)::get, BODY))
        .isEqualTo(ACCEPTED);
  }

  @ParameterizedTest
  @CsvSource({
    "webhook-id, msg_other",
    "webhook-timestamp, 1674087232",
    "webhook-timestamp, 01674087231",
    "webhook-signature, XEV0M/u5yl9OZVFhWEG7pHwQc9gN/E7so9hjEiI8ogs=",
    "webhook-signature, 'v1,'",
    "webhook-signature, 'v1,Oraaz++fyu1iW/2Bnjy6KVQ8kG+jV57C8ZNjA9l0Rh0='"
  })
  void a_changed_header_does_not_verify(String name, String value) {
    assertThat(receiver.verify(with(name, value)::get, BODY)).isEqualTo(SIGNATURE_MISMATCH);
  }

  @Test
  void a_changed_body_does_not_verify() {
    DeliveryResult result =
        receiver.receive(HEADERS::get, STANDARD_BODY, () -> processed.add("changed"));

    assertThat(result).isEqualTo(SIGNATURE_MISMATCH);
    assertThat(result.status()).isEqualTo(401);
    assertThat(processed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void each_header_is_required(String name) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.remove(name);
    headers.put(
        "X-Signature-256",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

    assertThat(receiver.verify(headers::get, BODY)).isEqualTo(SIGNATURE_MISSING);
  }

  @ParameterizedTest
  @CsvSource({
    "-300, ACCEPTED",
    "300, ACCEPTED",
    "-301, TIME_OUT_OF_RANGE",
    "301, TIME_OUT_OF_RANGE"
  })
  void the_time_may_be_five_minutes_away(int seconds, DeliveryResult expected) {
    assertThat(receiverAt(SENT_AT.plusSeconds(seconds)).verify(HEADERS::get, BODY))
        .isEqualTo(expected);
  }

  @Test
  void a_signed_time_that_is_not_a_number_is_out_of_range() {
    Map<String, String> headers = with("webhook-timestamp", "yesterday");
    headers.put("webhook-signature", "v1,HHJLKvESsMjziTFRBFGKAZCttfYSHyfrPOK7sGA58N4=");

    assertThat(receiver.verify(headers::get, BODY)).isEqualTo(TIME_OUT_OF_RANGE);
  }

  @Test
  void an_event_whose_processing_failed_is_processed_again() {
    assertThatThrownBy(() ->
            receiver.receive(
                HEADERS::get,
                BODY,
                () -> {
                  throw new IOException("the disk is full");
                }))
        .isInstanceOf(IOException.class);

    assertThat(receiver.receive(HEADERS::get, BODY, () -> processed.add("again")))
        .isEqualTo(ACCEPTED);
    assertThat(processed).containsExactly("again");
  }

  @Test
  void a_delivery_waits_while_its_event_is_processed() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicReference<Thread> second = new AtomicReference<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<DeliveryResult> first =
          threads.submit(() ->
              receiver.receive(
                  HEADERS::get,
                  BODY,
                  () -> {
                    started.countDown();
                    mayEnd.await();
                  }));
      started.await();
      Future<DeliveryResult> other =
          threads.submit(() -> {
            second.set(Thread.currentThread());
            return receiver.receive(HEADERS::get, BODY, () -> processed.add("twice"));
          });
      while (second.get() == null || second.get().getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      mayEnd.countDown();

      assertThat(first.get()).isEqualTo(ACCEPTED);
      assertThat(other.get()).isEqualTo(DUPLICATE);
      assertThat(processed).isEmpty();
    }
  }

  @Test
  void the_number_of_remembered_events_is_bounded() {
    EventIds ids = new EventIds(2);
    for (String id : List.of("a", "b", "c")) {
      assertThat(ids.start(id)).isTrue();
      ids.end(id, true);
    }

    assertThat(ids.start("b")).isFalse();
    assertThat(ids.start("c")).isFalse();
    assertThat(ids.start("a")).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> receiver.withRememberedEvents(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void a_blank_secret_is_refused(String secret) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryReceiver.withSecret(secret))
        .withMessage("the secret is blank");
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put(name, value);
    return headers;
  }
}
