package dev.runhook.application.access;

import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import java.util.Map;

/// Says who asks and whether they may. The one place where that is decided.
public interface Access {
  /// @param fixed grants by the hash of their token, such as that of the first admin
  static Access using(Map<TokenHash, Grant> fixed) {
    return new GrantedAccess(fixed);
  }

  /// Whose token this is; a [RefusedException] when it is nobody's.
  Grant authenticate(String token);

  /// Returns quietly if the bearer of the grant has the role; a [RefusedException] otherwise.
  void permit(Grant grant, Role needed);

  /// The stack of that slug in the bearer's account. A [RefusedException] says that there is none
  /// when the stack is out of reach, before it says that the role does not suffice: what one may
  /// not see does not exist.
  StackId permit(Grant grant, Role needed, String stack);
}
