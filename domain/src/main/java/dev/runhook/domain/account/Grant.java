package dev.runhook.domain.account;

/// What a token may do: a role in one account, for all of its stacks or some. `name` tells people
/// whose token it is.
public record Grant(AccountId account, Role role, Reach reach, String name) {}
