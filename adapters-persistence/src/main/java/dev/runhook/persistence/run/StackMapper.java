package dev.runhook.persistence.run;

import dev.runhook.domain.run.Stack;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// Reads stacks from rows of the table `stack`.
public final class StackMapper {
  private StackMapper() {}

  public static Stack read(ResultSet row) throws SQLException {
    return new Stack(
        RowIds.stackId(row.getString("account"), row.getString("slug")),
        row.getString("name"),
        row.getString("description"),
        SqlText.readArray(row, "labels"),
        Optional.ofNullable(row.getString("url")),
        Optional.ofNullable(row.getString("repository")));
  }
}
