package dev.runhook.http.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// Closes the connection of a client that sends a request too slowly. The request line and headers
/// must arrive within the deadline, measured from the opening of the connection or from the
/// previous response. The body must then arrive within the deadline as well. An idle timeout would
/// not help, because a client can renew it with single bytes. Responses have no deadline.
final class RequestDeadlineHandler extends Handler.Wrapper implements Connection.Listener {
  private final Duration deadline;
  private final Connection.Listener limiter;
  private final Map<Connection, Scheduler.Task> closeTasks = new ConcurrentHashMap<>();

  /// @param limiter is registered together with this handler
  RequestDeadlineHandler(Duration deadline, Connection.Listener limiter, Handler next) {
    super(next);
    this.deadline = deadline;
    this.limiter = limiter;
  }

  @Override
  protected void doStart() throws Exception {
    for (Connector connector : getServer().getConnectors()) {
      if (connector instanceof AbstractConnector listenable) {
        listenable.addBean(limiter, false);
        listenable.addBean(this, false);
      }
    }
    super.doStart();
  }

  @Override
  public void onOpened(Connection connection) {
    start(connection);
  }

  @Override
  public void onClosed(Connection connection) {
    cancel(connection);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Connection connection = request.getConnectionMetaData().getConnection();
    if (hasBody(request)) {
      start(connection);
    } else {
      cancel(connection);
    }
    Request.addCompletionListener(request, ignored -> start(connection));
    return super.handle(new DeadlineRequest(request, connection), response, callback);
  }

  private static boolean hasBody(Request request) {
    return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
  }

  private void start(Connection connection) {
    Scheduler scheduler = getServer().getScheduler();
    if (!scheduler.isRunning() || !connection.getEndPoint().isOpen()) {
      return;
    }
    Scheduler.Task task =
        scheduler.schedule(connection::close, deadline.toMillis(), TimeUnit.MILLISECONDS);
    Scheduler.Task previous = closeTasks.put(connection, task);
    if (previous != null) {
      previous.cancel();
    }
    if (!connection.getEndPoint().isOpen()) {
      cancel(connection); // onClosed may have run before the put
    }
  }

  private void cancel(Connection connection) {
    Scheduler.Task task = closeTasks.remove(connection);
    if (task != null) {
      task.cancel();
    }
  }

  /// Cancels the deadline when the last chunk of the body has been read.
  private final class DeadlineRequest extends Request.Wrapper {
    private final Connection connection;

    DeadlineRequest(Request request, Connection connection) {
      super(request);
      this.connection = connection;
    }

    @Override
    public Content.@Nullable Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk != null && chunk.isLast()) {
        cancel(connection);
      }
      return chunk;
    }
  }
}
