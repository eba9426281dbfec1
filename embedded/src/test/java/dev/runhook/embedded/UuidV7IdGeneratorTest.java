package dev.runhook.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.testkit.contract.IdGeneratorContract;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UuidV7IdGeneratorTest implements IdGeneratorContract {
  @Override
  public IdGenerator ids() {
    return new UuidV7IdGenerator();
  }

  /// The first row is the example in the ULID specification; the second is a UUIDv7 from RFC 9562.
  @ParameterizedTest
  @CsvSource({
    "01563e3a-b5d3-d676-4c61-efb99302bd5b, 01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f, 01FWHE4YDGFK1SHH6W1G60EECF",
    "ffffffff-ffff-ffff-ffff-ffffffffffff, 7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
    "00000000-0000-0000-0000-000000000000, 00000000000000000000000000"
  })
  void a_ulid_has_the_bits_of_its_uuid(UUID id, String ulid) {
    assertThat(UuidV7IdGenerator.ulid(id)).isEqualTo(ulid);
  }

  @Test
  void the_names_of_runs_are_in_the_order_of_their_creation() {
    List<String> names = Stream.generate(new UuidV7IdGenerator()::nextRunName).limit(2000).toList();

    assertThat(names).isSorted().doesNotHaveDuplicates();
  }
}
