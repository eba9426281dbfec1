package dev.runhook.http.server;

import java.util.List;

/// Tells `/health/ready` whether this process can do its work now.
public interface Readiness {
  /// One thing that must be well, such as the store.
  ///
  /// @param why what is wrong and what mends it; a word or two where nothing is
  record Check(String name, boolean ok, String detail) {}

  /// All checks, made now and soon: a prober waits.
  List<Check> checks();
}
