package dev.runhook.persistence.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import org.jdbi.v3.core.statement.ParsedSql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementParserTest {
  @Test
  void names_and_positions_become_parameters_of_the_driver() {
    ParsedSql named = parse("runhook", "select :first_1::text, a[:second.name] where x=:first_1");
    ParsedSql positional = parse("runhook", "select ?, ?");

    assertThat(named.getSql()).isEqualTo("select ?::text, a[?] where x=?");
    assertThat(named.getParameters().getParameterNames())
        .containsExactly("first_1", "second.name", "first_1");
    assertThat(positional.getParameters().isPositional()).isTrue();
    assertThat(positional.getParameters().getParameterCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select ':a ?', 'it''s :b'",
        "select \":a ?\" from t",
        "select 1 -- :a, ? and it's",
        "select 1 /* :a\n ? it's */",
        "select a::text, a[1:2]",
        "do $$ begin x := 1; end $$",
      })
  void literals_names_comments_and_casts_have_no_parameters(String sql) {
    ParsedSql parsed = parse("runhook", sql);

    assertThat(parsed.getSql()).isEqualTo(sql);
    assertThat(parsed.getParameters().getParameterCount()).isZero();
  }

  @Test
  void what_follows_a_comment_or_a_literal_has_parameters() {
    ParsedSql parsed = parse("runhook", "select 'a' || :a -- it's\n, :b /* ' */, :c");

    assertThat(parsed.getSql()).isEqualTo("select 'a' || ? -- it's\n, ? /* ' */, ?");
    assertThat(parsed.getParameters().getParameterNames()).containsExactly("a", "b", "c");
  }

  @Test
  void the_schema_is_replaced_as_a_qualifier_and_as_a_literal() {
    ParsedSql parsed = parse("runhook_07", "select 'runhook' from runhook.run, myrunhook.runhook");

    assertThat(parsed.getSql())
        .isEqualTo("select 'runhook_07' from runhook_07.run, myrunhook.runhook");
  }

  @Test
  void a_statement_is_parsed_once_for_each_schema() {
    String sql = "select 1 from runhook.run where id = :id";

    assertThat(parse("runhook", sql)).isSameAs(parse("runhook", sql));
    assertThat(parse("runhook", sql)).isNotSameAs(parse("runhook_01", sql));
  }

  private ParsedSql parse(String schema, String sql) {
    return StatementParser.of(schema).parse(sql);
  }
}
