package dev.runhook.outbound.http;

import dev.runhook.domain.account.AccountId;
import java.net.URI;

/// What two requests must have in common to use the same connection. Two accounts never share one,
/// not even to the same address.
///
/// @param origin scheme, host and port
record ConnectionKey(AccountId account, String origin) {
  static ConnectionKey of(AccountId account, URI target) {
    return new ConnectionKey(account, target.getScheme() + "://" + target.getRawAuthority());
  }
}
