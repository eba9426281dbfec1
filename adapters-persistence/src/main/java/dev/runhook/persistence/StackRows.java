package dev.runhook.persistence;

import dev.runhook.domain.run.Stack;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }
}
