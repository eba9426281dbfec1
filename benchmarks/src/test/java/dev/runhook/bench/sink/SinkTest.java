package dev.runhook.bench.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.report.DeliveryCounts;
import dev.runhook.bench.sink.ReceiptLog.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
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
        .getBytes(StandardCharsets.US_ASCII);
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
  void receipts_that_one_process_adds_are_visible_to_another(@TempDir Path folder) {
    ReceiptLog writer = ReceiptLog.map(folder.resolve("receipts"), 10);
    ReceiptLog reader = ReceiptLog.map(folder.resolve("receipts"), 10);

    writer.add(new Receipt(1, 2, 3, 4));
    writer.add(new Receipt(5, 6, 7, 8));

    assertThat(reader.count()).isEqualTo(2);
    assertThat(reader.get(1)).isEqualTo(new Receipt(5, 6, 7, 8));
    reader.clear();
    assertThat(writer.count()).isZero();
  }

  @Test
  void lost_and_duplicate_deliveries_are_counted(@TempDir Path folder) {
    ReceiptLog receipts = ReceiptLog.map(folder.resolve("receipts"), 10);
    Timestamps acknowledgements = Timestamps.map(folder.resolve("acknowledgements"), 10);
    acknowledgements.set(0, 1_000_000);
    acknowledgements.set(1, 9_000_000);
    receipts.add(new Receipt(1, 1, 0, 4_000_000));
    receipts.add(new Receipt(1, 2, 1, 5_000_000));
    receipts.add(new Receipt(1, 1, 0, 6_000_000));

    DeliveryCounts deliveries = DeliveryCounts.of(receipts, acknowledgements, 4);

    assertThat(deliveries.lost()).isEqualTo(2);
    assertThat(deliveries.duplicates()).isEqualTo(1);
    assertThat(deliveries.lastAt()).isEqualTo(6_000_000);
    assertThat(deliveries.latencies()).containsExactly(3_000_000, 0, 5_000_000);
    assertThat(deliveries.latencyMillis(0.5)).isEqualTo(3);
  }
}
