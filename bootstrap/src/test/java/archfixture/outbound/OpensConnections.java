package archfixture.outbound;

import java.sql.Connection;

/// Breaks `JDBC_LIVES_IN_PERSISTENCE`.
record OpensConnections(Connection connection) {}
