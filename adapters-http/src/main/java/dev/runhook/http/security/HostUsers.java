package dev.runhook.http.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/// Tells Runhook who sends a request, according to the sign-in of the host. The host decides who
/// may see what:
///
/// ```java
/// request -> Optional.ofNullable(request.getUserPrincipal())
///     .map(user -> HostUser.of(user.getName(), Role.READER).onlyFor("payments"))
/// ```
///
/// It is called for each request, on the request's thread, and must be thread-safe.
@FunctionalInterface
public interface HostUsers {
  /// Returns the user who sends the request; empty for someone who may see nothing.
  Optional<HostUser> find(HttpServletRequest request);
}
