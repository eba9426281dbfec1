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
  void a_request_is_read_however_it_is_cut() {
    byte[] two = request("/w1", "{\"a\":1,\"note\":\"17\"}{\"x\"}".substring(0, 19));

    for (int cut = 0; cut < two.length; cut++) {
      RequestReader requestReader = new RequestReader();
      requestReader.readBuffer().put(two, 0, cut);
      assertThat(requestReader.hasRequest()).isFalse();
      requestReader.readBuffer().put(two, cut, two.length - cut);
      assertThat(requestReader.hasRequest()).isTrue();
      assertThat(requestReader.receipt(5))
          .isEqualTo(new Receipt(ID.getMostSignificantBits(), ID.getLeastSignificantBits(), 17, 5));
      requestReader.discardRequest();
      assertThat(requestReader.hasRequest()).isFalse();
    }
  }

  @Test
  void requests_that_come_together_are_told_apart() {
    RequestReader requestReader = new RequestReader();
    requestReader.readBuffer().put(request("/hang1", "{\"note\":\"1\"}")).put(request("/w1", "{}"));

    assertThat(requestReader.hasRequest()).isTrue();
    assertThat(requestReader.mustHang()).isTrue();
    requestReader.discardRequest();
    assertThat(requestReader.hasRequest()).isTrue();
    assertThat(requestReader.mustHang()).isFalse();
    assertThat(requestReader.receipt(1).number()).isEqualTo(-1);
  }

  @Test
  void what_one_process_adds_another_sees(@TempDir Path folder) {
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
  void what_is_lost_and_what_came_twice_is_counted(@TempDir Path folder) {
    ReceiptLog receiptLog = ReceiptLog.map(folder.resolve("receipts"), 10);
    Timestamps answered = Timestamps.map(folder.resolve("answered"), 10);
    answered.set(0, 1_000_000);
    answered.set(1, 9_000_000);
    receiptLog.add(new Receipt(1, 1, 0, 4_000_000));
    receiptLog.add(new Receipt(1, 2, 1, 5_000_000));
    receiptLog.add(new Receipt(1, 1, 0, 6_000_000));

    DeliveryCounts deliveryCounts = DeliveryCounts.of(receiptLog, answered, 4);

    assertThat(deliveryCounts.lost()).isEqualTo(2);
    assertThat(deliveryCounts.duplicates()).isEqualTo(1);
    assertThat(deliveryCounts.lastAt()).isEqualTo(6_000_000);
    assertThat(deliveryCounts.latencies()).containsExactly(3_000_000, 0, 5_000_000);
    assertThat(deliveryCounts.latencyMillis(0.5)).isEqualTo(3);
  }
}
