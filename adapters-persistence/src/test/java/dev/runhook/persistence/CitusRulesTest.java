package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CitusRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          a recursive query | with recursive w (id) as (select 1 union all select id + 1 from w) select * from w
          an insert in a common table expression | with a as (insert into runhook.a values (1)) select 1
          an insert with common table expressions | with d as (delete from runhook.a returning id) insert into runhook.b select id from d
          an insert that selects from a table | insert into runhook.a (id) select b.id from unnest(?) u join runhook_03.b on true
          a function or cast in `do update` | insert into runhook.a values (1) on conflict (id) do update set t = now()
          arithmetic with times | update runhook.a set t = now() + delay * interval '1 ms'
          arithmetic with times | with c as (select 1) update runhook.a set t = (select min(t) - interval '1 ms' from runhook.b)
          now() in `case` or `coalesce` | with u as (update runhook.a q set t = case when n > 0 then now() end returning q.*) select 1 from u
          now() in `case` or `coalesce` | update runhook.a set t = coalesce(now(), t)
          a parameter in `set (…) = (select …)` | update runhook.a set (b, c) = (select ?, n.c) from unnest(?) n where n.id = a.id
          now() in a subquery | update runhook.a set t = n.t from (select id, now() as t from unnest(?)) n where n.id = a.id
          """)
  void what_citus_rejects_is_found(String construct, String sql) {
    assertThat(CitusRules.violations(sql)).containsExactly(construct);
  }

  @Test
  void times_are_computed_in_common_table_expressions() {
    String sql =
        """
        with n as materialized (
          select id, case when (failed) then now() + delay * interval '1 ms' end as due_at from unnest(?) u (id, delay)
        ), u as (
          update runhook.a q set due_at = n.due_at, n = case when q.t is null then 0 else 1 end, t = now() from n
          where q.id = n.id returning q.*
        )
        select * from u
        """;

    assertThat(CitusRules.violations(sql)).isEmpty();
    assertThat(
            CitusRules.violations("insert into runhook.a (t) values (now() + ? * interval '1 ms')"))
        .isEmpty();
    assertThat(
            CitusRules.violations(
                "insert into runhook.a (t) select now() from unnest(?) n on conflict do nothing"))
        .isEmpty();
  }
}
