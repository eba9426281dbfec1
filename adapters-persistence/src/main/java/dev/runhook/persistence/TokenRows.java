package dev.runhook.persistence;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.account.Reach.AllStacks;
import dev.runhook.domain.account.Reach.SomeStacks;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.Token;
import dev.runhook.domain.account.TokenId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tokens as rows of the table `token`.
final class TokenRows {
  private TokenRows() {}

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
        Moments.read(row, "created_at"),
        row.getString("created_by"),
        Moments.find(row, "last_used_at"),
        Moments.find(row, "revoked_at"));
  }

  /// The slugs of a token's stacks; null where they are all.
  static @Nullable List<String> stacks(Token token) {
    return stacks(token.grant().reach());
  }

  static @Nullable List<String> stacks(Reach reach) {
    return switch (reach) {
      case AllStacks() -> null;
      case SomeStacks(var stacks) -> stacks.stream().sorted().toList();
    };
  }

  private static Reach reach(ResultSet row) throws SQLException {
    return row.getArray("stacks") == null
        ? new AllStacks()
        : new SomeStacks(Set.copyOf(StackRows.texts(row, "stacks")));
  }
}
