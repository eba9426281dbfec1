package dev.runhook.bench.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.bench.measure.Tally;
import dev.runhook.bench.sink.Receipts.Receipt;
import dev.runhook.bench.work.Moments;
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
      Incoming incoming = new Incoming();
      incoming.space().put(two, 0, cut);
      assertThat(incoming.hasRequest()).isFalse();
      incoming.space().put(two, cut, two.length - cut);
      assertThat(incoming.hasRequest()).isTrue();
      assertThat(incoming.receipt(5))
          .isEqualTo(new Receipt(ID.getMostSignificantBits(), ID.getLeastSignificantBits(), 17, 5));
      incoming.next();
      assertThat(incoming.hasRequest()).isFalse();
    }
  }

  @Test
  void requests_that_come_together_are_told_apart() {
    Incoming incoming = new Incoming();
    incoming.space().put(request("/hang1", "{\"note\":\"1\"}")).put(request("/w1", "{}"));

    assertThat(incoming.hasRequest()).isTrue();
    assertThat(incoming.isToHang()).isTrue();
    incoming.next();
    assertThat(incoming.hasRequest()).isTrue();
    assertThat(incoming.isToHang()).isFalse();
    assertThat(incoming.receipt(1).number()).isEqualTo(-1);
  }

  @Test
  void what_one_process_adds_another_sees(@TempDir Path folder) {
    Receipts writer = Receipts.in(folder.resolve("receipts"), 10);
    Receipts reader = Receipts.in(folder.resolve("receipts"), 10);

    writer.add(new Receipt(1, 2, 3, 4));
    writer.add(new Receipt(5, 6, 7, 8));

    assertThat(reader.count()).isEqualTo(2);
    assertThat(reader.get(1)).isEqualTo(new Receipt(5, 6, 7, 8));
    reader.clear();
    assertThat(writer.count()).isZero();
  }

  @Test
  void what_is_lost_and_what_came_twice_is_counted(@TempDir Path folder) {
    Receipts receipts = Receipts.in(folder.resolve("receipts"), 10);
    Moments answered = Moments.in(folder.resolve("answered"), 10);
    answered.set(0, 1_000_000);
    answered.set(1, 9_000_000);
    receipts.add(new Receipt(1, 1, 0, 4_000_000));
    receipts.add(new Receipt(1, 2, 1, 5_000_000));
    receipts.add(new Receipt(1, 1, 0, 6_000_000));

    Tally tally = Tally.of(receipts, answered, 4);

    assertThat(tally.lost()).isEqualTo(2);
    assertThat(tally.duplicates()).isEqualTo(1);
    assertThat(tally.lastAt()).isEqualTo(6_000_000);
    assertThat(tally.latencies()).containsExactly(3_000_000, 0, 5_000_000);
    assertThat(tally.millisAt(0.5)).isEqualTo(3);
  }
}
