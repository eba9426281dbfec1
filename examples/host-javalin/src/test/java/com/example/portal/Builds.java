package com.example.portal;

import java.sql.SQLException;

/// A service that stores builds.
interface Builds extends AutoCloseable {
  /// Stores a build in a transaction.
  void start(String build) throws SQLException;

  /// The port of its web server.
  int port();

  @Override
  void close();
}
