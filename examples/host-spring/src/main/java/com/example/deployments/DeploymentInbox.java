package com.example.deployments;

import dev.runhook.receiver.DeliveryReceiver;
import dev.runhook.receiver.DeliveryResult;
import dev.runhook.receiver.InboxDialect;
import dev.runhook.receiver.JdbcInbox;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// Receives webhooks. A controller passes the headers and the body of a request, and responds with
/// the status of the result.
@Service
public class DeploymentInbox {
  private final DataSource database;
  private final JdbcTemplate jdbc;
  private final JdbcInbox inbox;

  public DeploymentInbox(
      DataSource database, JdbcTemplate jdbc, @Value("${deployments.secret}") String secret) {
    this.database = database;
    this.jdbc = jdbc;
    this.inbox = JdbcInbox.of(DeliveryReceiver.withSecret(secret), InboxDialect.POSTGRESQL);
  }

  /// The event and its effect commit together. Without `rollbackFor`, Spring would commit after an
  /// `SQLException`.
  @Transactional(rollbackFor = Exception.class)
  public DeliveryResult receive(Function<String, String> header, byte[] body) throws SQLException {
    return inbox.receive(
        DataSourceUtils.getConnection(database),
        header,
        body,
        event -> jdbc.update("insert into received_event (payload) values (?)", event.text()));
  }
}
