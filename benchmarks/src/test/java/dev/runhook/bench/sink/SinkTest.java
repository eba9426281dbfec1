package dev.runhook.bench.sink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.report.DeliveryCounts;
import dev.runhook.bench.sink.ReceiptLog.Receipt;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkTest {
  private static final UUID ID = UUID.fromString("0197a9f2-7c1e-7d3a-9a51-3f0b6f1f2a10");

  private static byte[] request(String path, String body) {
    return ("POST "
            + path
            + " HTTP/1.1\r\nContent-Length: "
            + body.length()
            + "\r\nHost: x\r\nX-Runhook-Delivery: "
            + ID
            + "\r\n\r\n"
            + body)
        .getBytes(US_ASCII);
  }

  @Test
  void a_request_is_read_in_one_piece_even_if_it_arrives_in_two() {
    byte[] bytes = request("/w1", "{\"a\":1,\"note\":\"17\"}");

    for (int cut = 0; cut < bytes.length; cut++) {
      RequestReader reader = new RequestReader();
      reader.readBuffer().put(bytes, 0, cut);
      assertThat(reader.hasRequest()).isFalse();
      reader.readBuffer().put(bytes, cut, bytes.length - cut);
      assertThat(reader.hasRequest()).isTrue();
      assertThat(reader.receipt(5))
          .isEqualTo(new Receipt(ID.getMostSignificantBits(), ID.getLeastSignificantBits(), 17, 5));
      reader.discardRequest();
      assertThat(reader.hasRequest()).isFalse();
    }
  }

  @Test
  void requests_that_arrive_together_are_read_one_after_the_other() {
    RequestReader reader = new RequestReader();
    reader.readBuffer().put(request("/hang1", "{\"note\":\"1\"}")).put(request("/w1", "{}"));

    assertThat(reader.hasRequest()).isTrue();
    assertThat(reader.mustHang()).isTrue();
    reader.discardRequest();
    assertThat(reader.hasRequest()).isTrue();
    assertThat(reader.mustHang()).isFalse();
    assertThat(reader.receipt(1).number()).isEqualTo(-1);
  }

  @Test
  void a_signature_must_match_the_body_and_the_secret() throws GeneralSecurityException {
    RequestReader reader = new RequestReader();
    String signed =
        " HTTP/1.1\r\nX-Signature-256: sha256="
            + HexFormat.of().formatHex(mac("secret").doFinal("{}".getBytes(US_ASCII)))
            + "\r\nContent-Length: 2\r\n\r\n";
    reader.readBuffer().put(("POST /w1" + signed + "{}").getBytes(US_ASCII));
    reader.readBuffer().put(("POST /w1" + signed + "[]").getBytes(US_ASCII));
    reader.readBuffer().put(request("/w1", "{}"));

    assertThat(reader.hasRequest()).isTrue();
    assertThat(reader.isSigned(mac("another secret"))).isFalse();
    assertThat(reader.isSigned(mac("secret"))).isTrue();
    reader.discardRequest();
    assertThat(reader.hasRequest()).isTrue();
    assertThat(reader.isSigned(mac("secret"))).isFalse();
    reader.discardRequest();
    assertThat(reader.hasRequest()).isTrue();
    assertThat(reader.isSigned(mac("secret"))).isFalse();
  }

  private static Mac mac(String secret) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA256"));
    return mac;
  }

  @Test
  void receipts_that_one_process_adds_are_visible_to_another(@TempDir Path folder) {
    ReceiptLog writer = ReceiptLog.map(folder.resolve("receipts"), 10);
    ReceiptLog reader = ReceiptLog.map(folder.resolve("receipts"), 10);

    writer.add(new Receipt(1, 2, 3, 4), true);
    writer.add(new Receipt(5, 6, 7, 8), false);

    assertThat(reader.count()).isEqualTo(2);
    assertThat(reader.countUnsigned()).isEqualTo(1);
    assertThat(reader.get(1)).isEqualTo(new Receipt(5, 6, 7, 8));
    reader.clear();
    assertThat(writer.count()).isZero();
    assertThat(writer.countUnsigned()).isZero();
  }

  @Test
  void lost_and_duplicate_deliveries_are_counted(@TempDir Path folder) {
    ReceiptLog receipts = ReceiptLog.map(folder.resolve("receipts"), 10);
    Timestamps acknowledgements = Timestamps.map(folder.resolve("acknowledgements"), 10);
    acknowledgements.set(0, 1_000_000);
    acknowledgements.set(1, 9_000_000);
    receipts.add(new Receipt(1, 1, 0, 4_000_000), true);
    receipts.add(new Receipt(1, 2, 1, 5_000_000), true);
    receipts.add(new Receipt(1, 1, 0, 6_000_000), true);

    DeliveryCounts deliveries = DeliveryCounts.of(receipts, acknowledgements, 4);

    assertThat(deliveries.lost()).isEqualTo(2);
    assertThat(deliveries.duplicates()).isEqualTo(1);
    assertThat(deliveries.lastAt()).isEqualTo(6_000_000);
    assertThat(deliveries.latencies()).containsExactly(3_000_000, 0, 5_000_000);
    assertThat(deliveries.latencyMillis(0.5)).isEqualTo(3);
    assertThat(deliveries.failures(true)).containsExactly("2 deliveries are missing");
  }

  @Test
  void an_unsigned_delivery_is_a_failure_if_it_must_be_signed(@TempDir Path folder) {
    ReceiptLog receipts = ReceiptLog.map(folder.resolve("receipts"), 10);
    Timestamps acknowledgements = Timestamps.map(folder.resolve("acknowledgements"), 10);
    receipts.add(new Receipt(1, 1, 0, 1), true);
    receipts.add(new Receipt(1, 2, 1, 2), false);

    DeliveryCounts deliveries = DeliveryCounts.of(receipts, acknowledgements, 2);

    assertThat(deliveries.failures(true)).containsExactly("1 deliveries are not signed");
    assertThat(deliveries.failures(false)).isEmpty();
  }
}
