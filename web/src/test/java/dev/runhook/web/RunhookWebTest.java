package dev.runhook.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Stack;
import dev.runhook.embedded.Runhook;
import dev.runhook.http.security.HostUser;
import dev.runhook.http.server.HttpPart;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runhook in a servlet container of a service without a framework, which has a context path.
@Timeout(120)
class RunhookWebTest {
  private static final String TOKEN = "admin-token-0123456789abcdef";
  private static EmbeddedPostgres postgres;
  private static Runhook runhook;
  private static RunhookWeb forUsers;
  private static RunhookWeb forTokens;
  private static Server server;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.start();
    runhook = Runhook.on(postgres.getPostgresDatabase()).account("service").start();
    runhook.journal().register(Stack.named(runhook.stack("main"), "Main"));
    runhook.journal().register(Stack.named(runhook.stack("other"), "Other"));
    forUsers = RunhookWeb.forUsers(runhook, RunhookWebTest::user);
    forTokens = RunhookWeb.forTokens(runhook, TOKEN);
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/app");
    context.addServlet(new ServletHolder(new OwnPage()), "/*");
    context.addServlet(new ServletHolder(forUsers.servlet()), "/runhook/*");
    context.addServlet(
        new ServletHolder(forTokens.servlet(EnumSet.allOf(HttpPart.class))), "/tools/hooks/*");
    context.addServlet(
        new ServletHolder(forTokens.servlet(EnumSet.of(HttpPart.WEB_UI, HttpPart.API))), "/ui/*");
    server.setHandler(context);
    server.start();
    client = HttpClient.newHttpClient(); // Runhook must set up the JVM's HTTP client first
  }

  /// A servlet container would know the principal. Here, a header names the user.
  private static Optional<HostUser> user(HttpServletRequest request) {
    return Optional.ofNullable(request.getHeader("X-User"))
        .map(name -> HostUser.of(name, Role.READER).onlyFor("main"));
  }

  /// What the service serves itself.
  private static final class OwnPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getWriter().write("own " + request.getPathInfo());
    }
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    forUsers.close();
    forTokens.close();
    server.stop();
    runhook.close();
    postgres.close();
  }

  @Test
  void the_service_keeps_its_own_pages() throws Exception {
    assertThat(get("/app/").body()).isEqualTo("own /");
    assertThat(get("/app/health").body()).isEqualTo("own /health");
  }

  @Test
  void users_of_the_service_see_their_stacks() throws Exception {
    assertThat(get("/app/runhook/api/v1/stacks", "X-User", "ron").body())
        .contains("\"main\"")
        .doesNotContain("\"other\"");
    HttpResponse<String> page = get("/app/runhook/", "X-User", "ron");
    assertThat(page.statusCode()).isEqualTo(200);
    String script = page.body().replaceAll("(?s).* src=\"(assets/[^\"]+/app\\.js)\".*", "$1");
    assertThat(get("/app/runhook/" + script, "X-User", "ron").statusCode()).isEqualTo(200);
    assertThat(get("/app/runhook", "X-User", "ron").headers().firstValue("Location"))
        .contains("runhook/");
  }

  @Test
  void nobody_else_sees_anything() throws Exception {
    assertThat(get("/app/runhook/").statusCode()).isEqualTo(401);
    assertThat(get("/app/runhook/api/v1/stacks").statusCode()).isEqualTo(401);
    assertThat(get("/app/runhook/api/v1/stacks", "Authorization", "Bearer " + TOKEN).statusCode())
        .isEqualTo(401);
    assertThat(get("/app/tools/hooks/api/v1/stacks", "X-User", "ron").statusCode()).isEqualTo(401);
  }

  @Test
  void a_token_is_enough_without_users() throws Exception {
    assertThat(get("/app/tools/hooks/api/v1/stacks", "Authorization", "Bearer " + TOKEN).body())
        .contains("\"main\"", "\"other\"");
    assertThat(get("/app/tools/hooks/").body()).contains("<html lang=\"en\">");
  }

  @Test
  void a_service_chooses_the_parts() throws Exception {
    assertThat(get("/app/tools/hooks/health/ready").body())
        .contains("\"ready\"", "\"database\"", "\"threads\"");
    assertThat(get("/app/tools/hooks/docs").statusCode()).isEqualTo(200);
    assertThat(get("/app/ui/health/ready").statusCode()).isEqualTo(404);
    assertThat(get("/app/ui/docs").statusCode()).isEqualTo(404);
    assertThat(get("/app/ui/").body()).contains("<html data-no-docs ");
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
