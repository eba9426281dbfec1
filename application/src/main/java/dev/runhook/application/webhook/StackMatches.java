package dev.runhook.application.webhook;

import static java.util.Comparator.naturalOrder;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The stacks of an account that a selector matches.
///
/// @param first the first 100 of them, by their ids
public record StackMatches(int count, List<StackId> first) {
  private static final int MAX_FIRST = 100;

  public StackMatches {
    first = List.copyOf(first);
  }

  static StackMatches find(BucketRouter buckets, AccountId account, StackSelector selector) {
    List<StackId> first = new ArrayList<>();
    int count = 0;
    PageRequest request = new PageRequest(PageRequest.MAX_LIMIT, Optional.empty());
    Optional<PageRequest> next = Optional.of(request);
    while (next.isPresent()) {
      PageRequest page = next.get();
      Page<Stack> stacks =
          BucketRouter.list(
              buckets.all(),
              page,
              naturalOrder(),
              unit -> unit.stacks().list(account, new StackScope.All(), page));
      if (!stacks.unavailableBuckets().isEmpty()) {
        throw new StoreUnavailableException(
            "the database of buckets %s is unavailable".formatted(stacks.unavailableBuckets()));
      }
      for (Stack stack : stacks.items()) {
        if (selector.matches(stack)) {
          count++;
          if (first.size() < MAX_FIRST) {
            first.add(stack.id());
          }
        }
      }
      next = stacks.next().map(request::withAfter);
    }
    return new StackMatches(count, first);
  }
}
