package dev.runhook.persistence.access;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads tokens from rows of the table `token`.
final class TokenMapper {
  private TokenMapper() {}

  static Token read(ResultSet row) throws SQLException {
    Grant grant =
        new Grant(
            new TokenId(row.getObject("id", UUID.class)),
            new AccountId(row.getString("account")),
            Role.valueOf(row.getString("role")),
            readScope(row),
            row.getString("name"));
    return new Token(
        grant,
        Timestamps.read(row, "created_at"),
        row.getString("created_by"),
        Timestamps.find(row, "last_used_at"),
        Timestamps.find(row, "revoked_at"));
  }

  /// The value of the column `stacks`: null for all stacks.
  static @Nullable List<String> slugs(Token token) {
    return switch (token.grant().stackScope()) {
      case All() -> null;
      case Only(var slugs) -> slugs.stream().sorted().toList();
    };
  }

  private static StackScope readScope(ResultSet row) throws SQLException {
    return row.getArray("stacks") == null
        ? new All()
        : new Only(Set.copyOf(SqlText.readArray(row, "stacks")));
  }
}
