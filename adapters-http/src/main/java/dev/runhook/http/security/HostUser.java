package dev.runhook.http.security;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.account.TokenId;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;

/// A person whom the host has signed in, and what that person may do in Runhook.
///
/// @param name identifies the person in the audit log and in limits, such as a login: 1 to 200
///   characters, not blank, without control characters
public record HostUser(String name, Role role, StackScope stackScope) {
  /// A user who may see all stacks of the host.
  public static HostUser of(String name, Role role) {
    return new HostUser(name, role, new StackScope.All());
  }

  /// Returns a copy that is limited to the stacks with these ids.
  public HostUser onlyFor(String... stacks) {
    return new HostUser(name, role, new StackScope.Only(Set.of(stacks)));
  }

  /// Returns what the user may do in an account. The id of the grant belongs to no token and is the
  /// same for the same name.
  public Grant grant(AccountId account) {
    byte[] key = ("host user " + name).getBytes(StandardCharsets.UTF_8);
    return new Grant(new TokenId(UUID.nameUUIDFromBytes(key)), account, role, stackScope, name);
  }
}
