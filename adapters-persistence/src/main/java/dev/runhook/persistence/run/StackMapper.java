package dev.runhook.persistence.run;

import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.run.Stack;
import dev.runhook.persistence.jdbi.RowIds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Stacks as rows of the table `stack`.
public final class StackMapper {
  private StackMapper() {}

  public static Stack read(ResultSet row) throws SQLException {
    return new Stack(
        RowIds.stackId(row.getString("account"), row.getString("slug")),
        row.getString("name"),
        row.getString("description"),
        texts(row, "labels"),
        Optional.ofNullable(row.getString("url")),
        Optional.ofNullable(row.getString("repository")));
  }

  /// The slugs that a reach names; none where it is all stacks, which is to be asked for apart.
  public static Collection<String> slugs(StackScope stackScope) {
    return switch (stackScope) {
      case All() -> List.of();
      case Only(var some) -> some;
    };
  }

  public static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }
}
