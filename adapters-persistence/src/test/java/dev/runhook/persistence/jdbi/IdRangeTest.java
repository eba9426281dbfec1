package dev.runhook.persistence.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdRangeTest {
  private static final Instant NOON = Instant.parse("2026-03-14T12:00:00.123Z");
  private static final UUID AT_NOON = new UUID(NOON.toEpochMilli() << 16, 0);

  @Test
  void the_lower_bound_of_an_instant_is_the_smallest_id_of_its_millisecond() {
    assertThat(IdRange.lowerBound(NOON)).isEqualTo(AT_NOON);
    assertThat(IdRange.lowerBound(NOON.minusNanos(1))).isEqualTo(AT_NOON);
    assertThat(IdRange.lowerBound(NOON.plusNanos(1)))
        .isEqualTo(new UUID(NOON.plusMillis(1).toEpochMilli() << 16, 0));
  }

  @Test
  void instants_out_of_range_are_clamped() {
    assertThat(IdRange.lowerBound(Instant.EPOCH.minusSeconds(99))).isEqualTo(new UUID(0, 0));
    assertThat(IdRange.lowerBound(Instant.parse("9999-12-31T23:59:59.999Z")).toString())
        .startsWith("e677d21f-dbff");
  }

  @Test
  void a_range_ends_at_the_earlier_of_the_time_and_the_cursor() {
    UUID earlier = new UUID(NOON.minusMillis(1).toEpochMilli() << 16 | 0x7000, -1);
    UUID later = new UUID(NOON.plusMillis(1).toEpochMilli() << 16 | 0x7000, 1);

    assertThat(IdRange.upperBound(Optional.of(NOON), Optional.of(earlier))).isEqualTo(earlier);
    assertThat(IdRange.upperBound(Optional.of(NOON), Optional.of(later))).isEqualTo(AT_NOON);
    assertThat(IdRange.upperBound(Optional.empty(), Optional.of(later))).isEqualTo(later);
    assertThat(IdRange.upperBound(Optional.empty(), Optional.empty())).isEqualTo(new UUID(-1, -1));
  }
}
