package dev.runhook.diagnosis.certification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A receiver that verifies `webhook-signature`, with one mistake. It shares no code with the
/// signer.
final class FaultyReceiver implements Certification.Sender {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789ab";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
  private static final Pattern ESCAPE = Pattern.compile("\\\\u[0-9A-F]{4}");
  private static final int PREFIX = 10;
  private static final int KILO = 1000;
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final Set<String> FIELDS =
      Set.of(
          "account",
          "state",
          "stateVersion",
          "timestamp",
          "run",
          "stack",
          "note",
          "event",
          "webhook");

  /// The check that finds the mistake, in the order of a certification.
  enum Mistake {
    REDIRECTS("responds-with-2xx"),
    USES_THE_HEX_OF_THE_SECRET("responds-with-2xx"),
    DOES_NOT_DECODE_THE_SECRET("responds-with-2xx"),
    READS_THE_TIME_AS_MILLISECONDS("responds-with-2xx"),
    SORTS_THE_KEYS_OF_THE_BODY("responds-with-2xx"),
    SERIALIZES_AGAIN_LIKE_PHP("responds-with-2xx"),
    RESPONDS_AFTER_TWO_SECONDS("responds-within-a-second"),
    VERIFIES_NOTHING("verifies-signatures"),
    COMPARES_ONLY_A_PREFIX("verifies-signatures"),
    FAILS_AT_FORGERIES("verifies-signatures"),
    ACCEPTS_UNSIGNED_REQUESTS("refuses-unsigned"),
    FAILS_WITHOUT_SIGNATURE("refuses-unsigned"),
    ACCEPTS_THE_START_OF_A_SIGNATURE("refuses-incomplete-signatures"),
    FAILS_AT_SIGNATURES_OF_ANOTHER_LENGTH("refuses-incomplete-signatures"),
    VERIFIES_EACH_ID_ONCE("refuses-changed-bodies"),
    CACHES_VALID_SIGNATURES("refuses-changed-bodies"),
    IGNORES_THE_TIME("refuses-old-requests"),
    ALLOWS_AN_HOUR("refuses-old-requests"),
    ALLOWS_ANY_FUTURE("refuses-future-requests"),
    FAILS_AT_DUPLICATES("accepts-duplicates"),
    REFUSES_DUPLICATES("accepts-duplicates"),
    REFUSES_OLDER_STATES("accepts-any-order"),
    VERIFIES_ONLY_THE_FIRST_SIGNATURE("accepts-rotated-secrets"),
    VERIFIES_ONLY_THE_LAST_SIGNATURE("accepts-rotated-secrets"),
    COMPARES_THE_WHOLE_HEADER("accepts-rotated-secrets"),
    READS_NAMES_OF_HEADERS_AS_THEY_ARE("accepts-any-header-case"),
    REQUIRES_SHA1("accepts-requests-without-sha1"),
    REQUIRES_A_RUN("accepts-pings"),
    REQUIRES_DELTA("accepts-absent-values"),
    REFUSES_UNKNOWN_FIELDS("accepts-unknown-fields"),
    DECODES_LATIN_1("accepts-unicode"),
    SERIALIZES_AGAIN_LIKE_PYTHON("accepts-unicode"),
    SERIALIZES_AGAIN_LIKE_JAVASCRIPT("accepts-unicode"),
    LIMITS_BODIES_TO_10_KB("accepts-large-bodies"),
    LIMITS_BODIES_TO_100_KB("accepts-large-bodies"),
    READS_ONLY_THE_FIRST_64_KB("accepts-large-bodies");

    final String check;

    Mistake(String check) {
      this.check = check;
    }
  }

  private final Mistake mistake;
  private final Set<String> ids = new HashSet<>();
  private final Set<String> validSignatures = new HashSet<>();
  private final Map<String, Long> versions = new HashMap<>();

  FaultyReceiver(Mistake mistake) {
    this.mistake = mistake;
  }

  private boolean has(Mistake other) {
    return mistake == other;
  }

  @Override
  public Attempt send(List<Header> headers, Payload body, Duration maxWait) {
    Duration duration =
        has(Mistake.RESPONDS_AFTER_TWO_SECONDS) ? Duration.ofSeconds(2) : Duration.ofMillis(5);
    Outcome outcome = Outcome.Responded.of(respond(byName(headers), body.bytes()));
    return new Attempt(1, Instant.now(), duration, outcome);
  }

  private Map<String, String> byName(List<Header> headers) {
    boolean ignoresCase = !has(Mistake.READS_NAMES_OF_HEADERS_AS_THEY_ARE);
    Map<String, String> byName =
        ignoresCase ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new HashMap<>();
    headers.forEach(header -> byName.put(header.name(), header.value()));
    return byName;
  }

  private int respond(Map<String, String> headers, byte[] body) {
    if (has(Mistake.REDIRECTS)) {
      return 302;
    }
    if ((has(Mistake.LIMITS_BODIES_TO_10_KB) && body.length > 10 * KILO)
        || (has(Mistake.LIMITS_BODIES_TO_100_KB) && body.length > 100 * KILO)) {
      return 413;
    }
    byte[] read =
        has(Mistake.READS_ONLY_THE_FIRST_64_KB) && body.length > 64 * KILO
            ? Arrays.copyOf(body, 64 * KILO)
            : body;
    String id = headers.getOrDefault("webhook-id", "");
    int refusal = verify(headers, id, read);
    return refusal > 0 ? refusal : process(id, read);
  }

  /// Returns the status that refuses the request, or 0.
  private int verify(Map<String, String> headers, String id, byte[] body) {
    String signatures = headers.getOrDefault("webhook-signature", "");
    String timestamp = headers.getOrDefault("webhook-timestamp", "");
    if (has(Mistake.VERIFIES_NOTHING)
        || (has(Mistake.VERIFIES_EACH_ID_ONCE) && ids.contains(id))
        || (has(Mistake.CACHES_VALID_SIGNATURES) && validSignatures.contains(signatures))
        || (has(Mistake.ACCEPTS_UNSIGNED_REQUESTS) && signatures.isEmpty())) {
      return 0;
    }
    if (has(Mistake.FAILS_WITHOUT_SIGNATURE) && signatures.isEmpty()) {
      return 500;
    }
    if (has(Mistake.REQUIRES_SHA1) && !headers.containsKey("X-Signature")) {
      return 401;
    }
    String expected = "v1," + Base64.getEncoder().encodeToString(mac(id, timestamp, body));
    if (has(Mistake.FAILS_AT_SIGNATURES_OF_ANOTHER_LENGTH)
        && signatures.length() < expected.length()
        && !signatures.isEmpty()) {
      return 500;
    }
    if (considered(signatures).noneMatch(given -> isEqual(expected, given))) {
      return has(Mistake.FAILS_AT_FORGERIES) ? 500 : 401;
    }
    validSignatures.add(signatures);
    return isRecent(Long.parseLong(timestamp)) ? 0 : 401;
  }

  private Stream<String> considered(String header) {
    List<String> all = List.of(header.split(" "));
    return switch (mistake) {
      case VERIFIES_ONLY_THE_FIRST_SIGNATURE -> Stream.of(all.getFirst());
      case VERIFIES_ONLY_THE_LAST_SIGNATURE -> Stream.of(all.getLast());
      case COMPARES_THE_WHOLE_HEADER -> Stream.of(header);
      default -> all.stream();
    };
  }

  private boolean isEqual(String expected, String given) {
    return switch (mistake) {
      case COMPARES_ONLY_A_PREFIX -> given.startsWith(expected.substring(0, PREFIX));
      case ACCEPTS_THE_START_OF_A_SIGNATURE -> !given.isEmpty() && expected.startsWith(given);
      default -> expected.equals(given);
    };
  }

  private boolean isRecent(long timestamp) {
    Duration age =
        Duration.between(
            has(Mistake.READS_THE_TIME_AS_MILLISECONDS)
                ? Instant.ofEpochMilli(timestamp)
                : Instant.ofEpochSecond(timestamp),
            Instant.now());
    return switch (mistake) {
      case IGNORES_THE_TIME -> true;
      case ALLOWS_AN_HOUR -> age.abs().compareTo(Duration.ofHours(1)) <= 0;
      case ALLOWS_ANY_FUTURE -> age.compareTo(TOLERANCE) <= 0;
      default -> age.abs().compareTo(TOLERANCE) <= 0;
    };
  }

  private byte[] mac(String id, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(), "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
      return mac.doFinal(verified(body));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] key() {
    byte[] decoded = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
    return switch (mistake) {
      case USES_THE_HEX_OF_THE_SECRET -> HexFormat.of().formatHex(decoded).getBytes(UTF_8);
      case DOES_NOT_DECODE_THE_SECRET -> SECRET.getBytes(UTF_8);
      default -> decoded;
    };
  }

  /// Returns what the receiver verifies in place of the bytes that it received.
  private byte[] verified(byte[] body) throws IOException {
    return switch (mistake) {
      case DECODES_LATIN_1 -> new String(body, ISO_8859_1).getBytes(UTF_8);
      case SERIALIZES_AGAIN_LIKE_PYTHON -> ASCII.writeValueAsBytes(JSON.readTree(body));
      case SERIALIZES_AGAIN_LIKE_JAVASCRIPT ->
          ESCAPE
              .matcher(JSON.writeValueAsString(JSON.readTree(body)))
              .replaceAll(match -> "\\" + match.group().toLowerCase(Locale.ROOT))
              .getBytes(UTF_8);
      case SERIALIZES_AGAIN_LIKE_PHP ->
          JSON.writeValueAsString(JSON.readTree(body)).replace("/", "\\/").getBytes(UTF_8);
      case SORTS_THE_KEYS_OF_THE_BODY ->
          SORTED.writeValueAsBytes(JSON.treeToValue(JSON.readTree(body), Map.class));
      default -> body;
    };
  }

  private int process(String id, byte[] body) {
    JsonNode event = parse(body);
    if (event.isMissingNode()) {
      return 400;
    }
    if (!ids.add(id)) {
      return switch (mistake) {
        case FAILS_AT_DUPLICATES -> 500;
        case REFUSES_DUPLICATES -> 409;
        default -> 204;
      };
    }
    Set<String> unknown = new HashSet<>();
    event.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (has(Mistake.REFUSES_UNKNOWN_FIELDS) && !unknown.isEmpty()) {
      return 400;
    }
    boolean hasRun = event.has("run");
    if ((has(Mistake.REQUIRES_A_RUN) && !hasRun)
        || (has(Mistake.REQUIRES_DELTA) && hasRun && event.at("/run/delta").isNull())) {
      return 500;
    }
    long version = event.path("stateVersion").asLong();
    Long last = versions.put(event.at("/run/id").asText(), version);
    return has(Mistake.REFUSES_OLDER_STATES) && last != null && last > version ? 409 : 204;
  }

  private static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException ignored) {
      return JSON.missingNode();
    }
  }
}
