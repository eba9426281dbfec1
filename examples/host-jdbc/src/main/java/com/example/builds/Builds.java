package com.example.builds;

import java.util.Optional;

/// This service's own table, within a transaction.
public interface Builds {
  /// Adds the build; one that is there already stays as it is.
  void add(Build build);

  Optional<Build> findForUpdate(String id);

  void save(Build build);
}
