package com.example.builds;

import java.util.Optional;

/// The service's own table, within a transaction.
public interface Builds {
  /// Adds the build. Has no effect if the build exists.
  void add(Build build);

  Optional<Build> findForUpdate(String id);

  void save(Build build);
}
