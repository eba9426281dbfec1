package dev.runhook.persistence;

import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.Reach.SomeStacks;
import dev.runhook.domain.run.Stack;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Stacks as rows of the table `stack`.
final class StackRows {
  private StackRows() {}

  static Stack read(ResultSet row) throws SQLException {
    return new Stack(
        Keys.stackId(row.getString("account"), row.getString("slug")),
        row.getString("name"),
        row.getString("description"),
        texts(row, "labels"),
        Optional.ofNullable(row.getString("url")),
        Optional.ofNullable(row.getString("repository")));
  }

  /// The slugs that a reach names; none where it is all stacks, which is to be asked for apart.
  static Collection<String> slugs(Reach reach) {
    return switch (reach) {
      case AllStacks() -> List.of();
      case SomeStacks(var some) -> some;
    };
  }

  static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }
}
