package dev.runhook.persistence.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.persistence.Postgres;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Values sent in binary format are the same as values sent as text.
class BinaryArraysTest {
  private static final List<@Nullable UUID> IDS =
      Arrays.asList(
          UUID.fromString("01970000-0000-7000-8000-00000000000a"),
          null,
          new UUID(0, 0),
          new UUID(-1, -1));

  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  @Test
  void ids_are_stored_unchanged_and_in_order() {
    assertThat(arrived(UnnestParameters.of(numbers(IDS)).uuids("values", IDS::get)))
        .containsExactly(
            "01970000-0000-7000-8000-00000000000a",
            "null",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-26T06:30:00Z",
        "2000-01-01T00:00:00Z",
        "1999-12-31T23:59:59.999999Z",
        "1969-12-31T23:59:59.000001Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z"
      })
  void instants_are_stored_as_their_text_form_would_be(String text) {
    assertThat(asText(Instant.parse(text))).isEqualTo(readByPostgres(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-26T06:30:00.000000999Z", "1999-12-31T23:59:59.999999999Z"})
  void instants_are_truncated_to_microseconds(String text) {
    assertThat(asText(Instant.parse(text))).isEqualTo(readByPostgres(text.substring(0, 26) + "Z"));
  }

  @Test
  void missing_instants_are_null() {
    List<@Nullable Instant> instants = Arrays.asList(null, Instant.EPOCH, null);

    assertThat(arrived(UnnestParameters.of(numbers(instants)).instants("values", instants::get)))
        .containsExactly("null", readByPostgres("1970-01-01T00:00:00Z"), "null");
  }

  @Test
  void a_list_without_values_becomes_an_empty_array() {
    assertThat(arrived(UnnestParameters.<UUID>of(List.of()).uuids("values", id -> id))).isEmpty();
    assertThat(arrived(UnnestParameters.<Instant>of(List.of()).instants("values", at -> at)))
        .isEmpty();
  }

  @Test
  void an_instant_out_of_range_is_rejected() {
    assertThatThrownBy(() -> asText(Instant.parse("+294277-01-01T00:00:00Z")))
        .hasMessageContaining("timestamp out of range");
  }

  @Test
  void strings_in_rows_keep_quotes_backslashes_commas_and_braces() {
    List<String> texts = List.of("", "a,b", "say \"no\"", "c:\\d", "{}", "null", " x ");

    String arrived =
        POSTGRES
            .jdbi()
            .withHandle(handle ->
                UnnestParameters.of(List.of(texts))
                    .textArrays("values", row -> row)
                    .bindTo(
                        handle.createQuery(
                            "select array_to_string(v::text[], '|') from unnest(:values) as v"))
                    .mapTo(String.class)
                    .one());

    assertThat(arrived).isEqualTo(String.join("|", texts));
  }

  private static List<Integer> numbers(List<?> values) {
    return IntStream.range(0, values.size()).boxed().toList();
  }

  private static String asText(Instant instant) {
    return arrived(UnnestParameters.of(List.of(instant)).instants("values", at -> at)).getFirst();
  }

  private static String readByPostgres(String text) {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("select cast(:text as timestamptz)::text")
                .bind("text", text)
                .mapTo(String.class)
                .one());
  }

  /// The values in the text form of PostgreSQL; null for a missing value.
  private static List<String> arrived(UnnestParameters<?> unnestParameters) {
    return POSTGRES
        .jdbi()
        .withHandle(handle ->
            unnestParameters
                .bindTo(
                    handle.createQuery(
                        """
                        select coalesce(value::text, 'null')
                        from unnest(:values) with ordinality as v (value, number) order by number
                        """))
                .mapTo(String.class)
                .list());
  }
}
