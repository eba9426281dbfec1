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

/// Closes connections of clients that do not come to the point: the line and headers of a request
/// must be there in time, counted from the connection's opening or the answer before, and then its
/// body. An idle timeout alone is renewed by a byte now and then, for ever.
///
/// An answer may take as long as it likes.
final class RequestDeadlineHandler extends Handler.Wrapper implements Connection.Listener {
  private final Duration patience;
  private final Map<Connection, Scheduler.Task> deadlines = new ConcurrentHashMap<>();

  RequestDeadlineHandler(Duration patience, Handler next) {
    super(next);
    this.patience = patience;
  }

  @Override
  protected void doStart() throws Exception {
    for (Connector connector : getServer().getConnectors()) {
      if (connector instanceof AbstractConnector listening) {
        listening.addBean(this, false);
      }
    }
    super.doStart();
  }

  @Override
  public void onOpened(Connection connection) {
    expect(connection);
  }

  @Override
  public void onClosed(Connection connection) {
    release(connection);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Connection connection = request.getConnectionMetaData().getConnection();
    if (!hasBody(request)) {
      release(connection);
    } else {
      expect(connection);
    }
    Request.addCompletionListener(request, _ -> expect(connection));
    return super.handle(new Listened(request, connection), response, callback);
  }

  private static boolean hasBody(Request request) {
    return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
        || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
  }

  private void expect(Connection connection) {
    Scheduler scheduler = getServer().getScheduler();
    if (scheduler.isRunning() && connection.getEndPoint().isOpen()) {
      set(
          connection,
          scheduler.schedule(connection::close, patience.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void set(Connection connection, Scheduler.Task deadline) {
    Scheduler.Task before = deadlines.put(connection, deadline);
    if (before != null) {
      before.cancel();
    }
    if (!connection.getEndPoint().isOpen()) {
      release(connection); // it was closed meanwhile, and told of that before
    }
  }

  private void release(Connection connection) {
    Scheduler.Task deadline = deadlines.remove(connection);
    if (deadline != null) {
      deadline.cancel();
    }
  }

  /// A request that tells when it has been read to its end.
  private final class Listened extends Request.Wrapper {
    private final Connection connection;

    Listened(Request request, Connection connection) {
      super(request);
      this.connection = connection;
    }

    @Override
    public Content.@Nullable Chunk read() {
      Content.Chunk chunk = super.read();
      if (chunk != null && chunk.isLast()) {
        release(connection);
      }
      return chunk;
    }
  }
}
