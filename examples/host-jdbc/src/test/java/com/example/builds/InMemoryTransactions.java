package com.example.builds;

import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The same guarantee without a database: the rows and the transitions are in memory and roll back
/// together.
final class InMemoryTransactions implements Transactions {
  private final InMemoryTransactor store;
  private Map<String, Build> rows = Map.of();

  InMemoryTransactions(InMemoryTransactor store) {
    this.store = store;
  }

  @Override
  public <T> T call(Function<Transaction, T> work) {
    return store.inTransaction(unit -> {
      Rows copy = new Rows(new HashMap<>(rows));
      T result = work.apply(new Transaction(copy, unit));
      rows = copy.byId();
      return result;
    });
  }

  Build row(String id) {
    return rows.get(id);
  }

  private record Rows(Map<String, Build> byId) implements Builds {
    @Override
    public void add(Build build) {
      byId.putIfAbsent(build.id(), build);
    }

    @Override
    public Optional<Build> findForUpdate(String id) {
      return Optional.ofNullable(byId.get(id));
    }

    @Override
    public void save(Build build) {
      byId.put(build.id(), build);
    }
  }
}
