package dev.runhook.persistence.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.persistence.jdbi.BoundedSearch.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The list contains the numbers from 1 up. A round examines ten.
class BoundedSearchTest {
  private static final int ROUND = 10;
  private static final int ROUNDS = 5;
  private static final int BOUND = ROUND * ROUNDS;

  private int lastExamined;

  @Test
  void a_page_ends_when_it_is_full() {
    Page<Integer> page = search(1_000, number -> number % 4 == 0, new PageRequest(3, none()));

    assertThat(page.items()).containsExactly(4, 8, 12);
    assertThat(page.next()).contains("12");
    assertThat(lastExamined).isEqualTo(2 * ROUND);
  }

  @Test
  void a_page_without_matches_has_a_cursor_after_what_was_examined() {
    Page<Integer> page = search(1_000, number -> number == 70, new PageRequest(3, none()));

    assertThat(page.items()).isEmpty();
    assertThat(page.next()).contains(Integer.toString(BOUND));
    assertThat(lastExamined).isEqualTo(BOUND);
  }

  @Test
  void a_page_with_few_matches_continues_after_what_was_examined() {
    Page<Integer> page = search(1_000, number -> number % 40 == 0, new PageRequest(3, none()));

    assertThat(page.items()).containsExactly(40);
    assertThat(page.next()).contains(Integer.toString(BOUND));
  }

  @Test
  void the_last_page_has_no_cursor() {
    Page<Integer> page = search(35, number -> number % 10 == 0, new PageRequest(3, none()));

    assertThat(page.items()).containsExactly(10, 20, 30);
    assertThat(page.next()).isEmpty();
  }

  @Test
  void pages_neither_repeat_nor_skip_matches() {
    for (int limit : new int[] {1, 3, 9, 200}) {
      for (int modulus : new int[] {1, 7, 10, 60, 999, 2_000}) {
        List<Integer> found = new ArrayList<>();
        Optional<PageRequest> request = Optional.of(new PageRequest(limit, none()));
        while (request.isPresent()) {
          PageRequest current = request.get();
          Page<Integer> page = search(1_000, number -> number % modulus == 0, current);
          found.addAll(page.items());
          request = page.next().map(current::withAfter);
        }
        assertThat(found)
            .as("limit %d, modulus %d", limit, modulus)
            .isEqualTo(
                IntStream.rangeClosed(1, 1_000)
                    .filter(number -> number % modulus == 0)
                    .boxed()
                    .toList());
      }
    }
  }

  @Test
  void a_list_in_which_all_rows_match_needs_one_round() {
    PageRequest request = new PageRequest(3, none());

    Page<Integer> page =
        BoundedSearch.ofAll(request)
            .find(
                request,
                (ignored, size, limit) ->
                    IntStream.rangeClosed(1, Math.min(size, limit))
                        .mapToObj(number ->
                            new Candidate<>(number, Integer.toString(number), true, number))
                        .toList());

    assertThat(page.items()).containsExactly(1, 2, 3);
    assertThat(page.next()).contains("3");
  }

  private Page<Integer> search(int count, IntPredicate matches, PageRequest request) {
    return new BoundedSearch(ROUND, ROUNDS)
        .find(
            request,
            (after, size, limit) -> {
              int start = after.map(Integer::valueOf).orElse(0);
              lastExamined = Math.min(count, start + size);
              return IntStream.rangeClosed(1, lastExamined - start)
                  .mapToObj(position -> {
                    int number = start + position;
                    return new Candidate<>(
                        number, Integer.toString(number), matches.test(number), position);
                  })
                  .filter(candidate -> candidate.matches() || candidate.position() == size)
                  .limit(limit)
                  .toList();
            });
  }

  private static Optional<String> none() {
    return Optional.empty();
  }
}
