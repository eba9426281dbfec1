package dev.runhook.persistence.jdbi;

import java.sql.Connection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Opens and closes connections through the JDBI of a host.
final class HostConnections implements ConnectionFactory {
  private final Jdbi host;
  private final Map<Connection, Handle> open = new ConcurrentHashMap<>();

  HostConnections(Jdbi host) {
    this.host = host;
  }

  @Override
  public Connection openConnection() {
    Handle handle = host.open();
    open.put(handle.getConnection(), handle);
    return handle.getConnection();
  }

  @Override
  public void closeConnection(Connection connection) {
    Handle handle = open.remove(connection);
    if (handle != null) {
      handle.close();
    }
  }
}
