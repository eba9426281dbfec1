package dev.runhook.diagnosis.certification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.diagnosis.certification.FaultyReceiver.Mistake;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverCheck;
import dev.runhook.domain.delivery.ReceiverCheck.Result;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.receiver.DeliveryReceiver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificationTest {
  private static final String SECRET = FaultyReceiver.SECRET;

  private static List<ReceiverCheck> certify(Certification.Sender receiver) {
    return certify(receiver, Instant.now());
  }

  private static List<ReceiverCheck> certify(Certification.Sender receiver, Instant now) {
    CertificationRequests samples =
        new CertificationRequests(SigningSecret.parse(SECRET), now, "Runhook/test");
    return Certification.certify(true, samples, receiver, ignored -> {});
  }

  /// A receiver that returns a status for the headers and the body.
  private static Certification.Sender responding(
      BiFunction<Map<String, String>, byte[], Integer> receiver) {
    return (headers, body, maxWait) -> {
      Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.forEach(header -> byName.put(header.name(), header.value()));
      int status = receiver.apply(byName, body.bytes());
      return new Attempt(1, Instant.now(), Duration.ZERO, Outcome.Responded.of(status));
    };
  }

  private static List<String> names(List<ReceiverCheck> checks, Result result) {
    return checks.stream()
        .filter(check -> check.result() == result)
        .map(ReceiverCheck::name)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void every_mistake_is_found(Mistake mistake) {
    List<ReceiverCheck> checks = certify(new FaultyReceiver(mistake));

    assertThat(names(checks, Result.FAILED)).contains(mistake.check);
    assertThat(checks)
        .filteredOn(check -> check.result() == Result.FAILED)
        .allSatisfy(check -> assertThat(check.detail().orElseThrow()).contains("; "));
  }

  @Test
  void every_check_finds_a_mistake_except_those_of_the_network() {
    List<String> found = new ArrayList<>();
    for (Mistake mistake : Mistake.values()) {
      found.add(mistake.check);
    }

    assertThat(certify(responding((headers, body) -> 204)))
        .extracting(ReceiverCheck::name)
        .doesNotHaveDuplicates()
        .filteredOn(name -> !found.contains(name))
        .containsExactly("name-resolves", "tls");
  }

  @Test
  void the_receiver_library_passes_every_check() {
    DeliveryReceiver library = DeliveryReceiver.withSecret(SECRET);

    List<ReceiverCheck> checks =
        certify(
            responding((headers, body) -> library.receive(headers::get, body, () -> {}).status()));

    assertThat(checks).extracting(ReceiverCheck::result).containsOnly(Result.PASSED);
  }

  @Test
  void a_receiver_that_verifies_only_the_body_cannot_refuse_old_requests() {
    DeliveryReceiver library = DeliveryReceiver.withSecret(SECRET);

    List<ReceiverCheck> checks =
        certify(
            responding((headers, body) ->
                library.verifiesBody(headers.get("X-Signature-256"), body) ? 200 : 403));

    assertThat(names(checks, Result.FAILED)).isEmpty();
    assertThat(names(checks, Result.SKIPPED))
        .containsExactly("refuses-old-requests", "refuses-future-requests");
  }

  @Test
  void the_first_request_may_be_slow() {
    FaultyReceiver fast = new FaultyReceiver(Mistake.IGNORES_THE_TIME);
    List<Attempt> attempts = new ArrayList<>();

    List<ReceiverCheck> checks =
        certify((headers, body, maxWait) -> {
          Attempt attempt = fast.send(headers, body, maxWait);
          attempts.add(attempt);
          Duration duration = attempts.size() == 1 ? Duration.ofSeconds(5) : attempt.duration();
          return new Attempt(1, attempt.startedAt(), duration, attempt.outcome());
        });

    assertThat(names(checks, Result.PASSED)).contains("responds-within-a-second");
  }

  @Test
  void a_receiver_that_is_down_gets_one_request() {
    List<Payload> sent = new ArrayList<>();
    Outcome refused = new Outcome.NoResponse(Outcome.Cause.CONNECTION_REFUSED, "start it");

    List<ReceiverCheck> checks =
        certify((headers, body, maxWait) -> {
          sent.add(body);
          return new Attempt(1, Instant.now(), Duration.ZERO, refused);
        });

    assertThat(sent).hasSize(1);
    assertThat(names(checks, Result.FAILED)).containsExactly("responds-with-2xx");
    assertThat(names(checks, Result.PASSED)).containsExactly("name-resolves");
  }

  @Test
  void the_requests_stop_after_a_minute() {
    List<Duration> limits = new ArrayList<>();

    List<ReceiverCheck> checks =
        certify((headers, body, maxWait) -> {
          limits.add(maxWait);
          Duration wish = Duration.ofSeconds(9);
          boolean isInTime = wish.compareTo(maxWait) < 0;
          Outcome timeout = new Outcome.NoResponse(Outcome.Cause.TIMEOUT, "respond first");
          return new Attempt(
              1,
              Instant.now(),
              isInTime ? wish : maxWait,
              isInTime ? Outcome.Responded.of(204) : timeout);
        });

    assertThat(limits)
        .extracting(Duration::toSeconds)
        .containsExactly(60L, 51L, 42L, 33L, 24L, 15L, 6L);
    assertThat(names(checks, Result.FAILED))
        .containsExactly("responds-within-a-second", "verifies-signatures");
    assertThat(checks.getLast().result()).isEqualTo(Result.SKIPPED);
    assertThat(checks.getLast().detail().orElseThrow()).contains("not tried", "a minute");
    assertThat(checks)
        .extracting(check -> check.detail().orElse(""))
        .contains("not finished, because the others took most of a minute");
  }

  @Test
  void a_limit_of_requests_fails_no_check() {
    DeliveryReceiver library = DeliveryReceiver.withSecret(SECRET);
    for (int limit = 1; limit < 25; limit++) {
      AtomicInteger remaining = new AtomicInteger(limit);

      List<ReceiverCheck> checks =
          certify(
              responding((headers, body) ->
                  remaining.getAndDecrement() > 0
                      ? library.receive(headers::get, body, () -> {}).status()
                      : 429));

      assertThat(names(checks, Result.FAILED)).as("after %d requests", limit).isEmpty();
    }
  }

  /// The receiver verifies only the body, and fails at the request that finds this out.
  @ParameterizedTest
  @ValueSource(ints = {302, 429, 500})
  void only_a_refusal_shows_that_the_signature_covers_the_time(int status) {
    DeliveryReceiver library = DeliveryReceiver.withSecret(SECRET);
    AtomicInteger count = new AtomicInteger();

    List<ReceiverCheck> checks =
        certify(
            responding((headers, body) -> {
              if (count.incrementAndGet() == 3) {
                return status;
              }
              return library.verifiesBody(headers.get("X-Signature-256"), body) ? 200 : 403;
            }));

    assertThat(names(checks, Result.FAILED)).isEmpty();
    assertThat(names(checks, Result.SKIPPED)).contains("refuses-old-requests");
  }

  @Test
  void the_requests_are_marked_as_tests_and_have_events_of_their_own() throws IOException {
    List<String> ids = new ArrayList<>();
    List<JsonNode> events = new ArrayList<>();
    DeliveryReceiver library = DeliveryReceiver.withSecret(SECRET);

    Instant now = Instant.now();
    for (Instant each : List.of(now, now.plusMillis(1))) {
      certify(
          responding((headers, body) -> {
            assertThat(headers).containsEntry("X-Runhook-Test", "true");
            int status = library.verify(headers::get, body).status();
            if (status == 204) {
              ids.add(headers.get("webhook-id"));
              events.add(parse(body));
            }
            return status;
          }),
          each);
    }

    assertThat(ids).hasSizeGreaterThan(20);
    assertThat(ids.stream().distinct().count()).isEqualTo(ids.size() - 2L); // the duplicates
    assertThat(events).extracting(event -> event.path("account").asText()).containsOnly("example");
  }

  private static JsonNode parse(byte[] body) {
    try {
      return new ObjectMapper().readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void no_request_has_the_secret() {
    certify((headers, body, maxWait) -> {
      assertThat(headers).extracting(Header::value).noneMatch(value -> value.contains(SECRET));
      assertThat(body.text()).doesNotContain(SECRET);
      return new Attempt(1, Instant.now(), Duration.ZERO, Outcome.Responded.of(204));
    });
  }
}
