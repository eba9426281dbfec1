package dev.runhook.application.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  @Test
  void each_item_has_its_cursor() {
    Page<Integer> page =
        Page.of(List.of(1, 2, 3), new PageRequest(2, Optional.empty()), i -> "c" + i);

    assertThat(page).isEqualTo(new Page<>(List.of(1, 2), List.of("c1", "c2"), Optional.of("c2")));
    assertThat(page.map(i -> i * 10).cursors()).isEqualTo(page.cursors());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void merged_pages_contain_what_the_pages_of_one_list_contain(int seed) {
    Random random = new Random(seed);
    List<List<String>> lists = new ArrayList<>();
    IntStream.range(0, 4).forEach(ignored -> lists.add(new ArrayList<>()));
    List<String> all =
        IntStream.range(100, 100 + random.nextInt(60)).mapToObj(String::valueOf).toList();
    all.reversed().forEach(item -> lists.get(random.nextInt(lists.size())).add(item));

    List<String> merged = new ArrayList<>();
    Optional<String> after = Optional.empty();
    int pages = 0;
    do {
      PageRequest request = new PageRequest(1 + random.nextInt(8), after);
      Page<String> page =
          Page.merge(
              lists.stream().map(list -> read(list, request, random)).toList(),
              request,
              Comparator.reverseOrder());
      assertThat(page.items()).hasSizeLessThanOrEqualTo(request.limit());
      merged.addAll(page.items());
      after = page.next();
      pages++;
    } while (after.isPresent() && pages < 1_000);

    assertThat(merged).isEqualTo(all.reversed());
  }

  /// Reads a page, or ends the search earlier, as a list does that examines a limited number of
  /// items.
  private static Page<String> read(List<String> list, PageRequest request, Random random) {
    List<String> rest =
        list.stream()
            .filter(item -> request.after().filter(end -> item.compareTo(end) >= 0).isEmpty())
            .toList();
    if (rest.size() > 1 && random.nextBoolean()) {
      String last = rest.get(random.nextInt(rest.size() - 1));
      List<String> found = rest.subList(0, Math.min(request.limit(), rest.indexOf(last) + 1));
      return new Page<>(found, found, Optional.of(found.getLast()));
    }
    return Page.of(
        rest.subList(0, Math.min(rest.size(), request.limit() + 1)), request, Function.identity());
  }
}
