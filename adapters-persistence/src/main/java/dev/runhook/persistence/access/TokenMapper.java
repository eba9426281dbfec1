package dev.runhook.persistence.access;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.StackScope.All;
import dev.runhook.domain.account.StackScope.Only;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.run.StackMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tokens as rows of the table `token`.
final class TokenMapper {
  private TokenMapper() {}

  static Token read(ResultSet row) throws SQLException {
    Grant grant =
        new Grant(
            new TokenId(row.getObject("id", UUID.class)),
            new AccountId(row.getString("account")),
            Role.valueOf(row.getString("role")),
            reach(row),
            row.getString("name"));
    return new Token(
        grant,
        Timestamps.read(row, "created_at"),
        row.getString("created_by"),
        Timestamps.find(row, "last_used_at"),
        Timestamps.find(row, "revoked_at"));
  }

  /// The slugs of a token's stacks; null where they are all.
  static @Nullable List<String> stacks(Token token) {
    return stacks(token.grant().stackScope());
  }

  static @Nullable List<String> stacks(StackScope stackScope) {
    return switch (stackScope) {
      case All() -> null;
      case Only(var stacks) -> stacks.stream().sorted().toList();
    };
  }

  private static StackScope reach(ResultSet row) throws SQLException {
    return row.getArray("stacks") == null
        ? new All()
        : new Only(Set.copyOf(StackMapper.texts(row, "stacks")));
  }
}
