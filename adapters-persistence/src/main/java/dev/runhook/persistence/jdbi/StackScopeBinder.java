package dev.runhook.persistence.jdbi;

import dev.runhook.domain.account.StackScope;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;

/// Binds a [StackScope] for a condition such as `(:allStacks or slug = any (:slugs))`.
public final class StackScopeBinder {
  private StackScopeBinder() {}

  public static <S extends SqlStatement<S>> S bind(StackScope scope, S statement) {
    Collection<String> slugs =
        switch (scope) {
          case StackScope.All() -> List.of();
          case StackScope.Only(var some) -> some;
        };
    return UnnestParameters.of(slugs)
        .texts("slugs", slug -> slug)
        .bindTo(statement)
        .bind("allStacks", scope instanceof StackScope.All);
  }
}
