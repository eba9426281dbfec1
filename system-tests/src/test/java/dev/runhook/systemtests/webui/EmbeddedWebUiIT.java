package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import dev.runhook.http.security.HostUser;
import dev.runhook.systemtests.fixture.PostgresServer;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.web.RunhookWeb;
import io.javalin.Javalin;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.postgresql.ds.PGSimpleDataSource;

/// The web UI below a prefix of a service with its own sign-in. `-Drunhook.pictures=true` saves a
/// screenshot in `target/pictures`.
@ExtendWith(SharedBrowserExtension.class)
class EmbeddedWebUiIT {
  private static final Path PICTURE = Path.of("target", "pictures", "embedded.png");
  private static final String USER = "user";

  @TempDir private Path directory;
  private PostgresServer postgres;
  private Runhook runhook;
  private RunhookWeb web;
  private Javalin service;

  @BeforeEach
  void start() {
    postgres = new PostgresServer(directory.resolve("postgres"));
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(postgres.url());
    runhook =
        Runhook.on(database).account("shop").transport(new ScriptedTransport(() -> false)).start();
    web = RunhookWeb.forUsers(runhook, EmbeddedWebUiIT::user);
    service =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.routes.get("/", context -> html(context, "<h1>The shop</h1>"));
          config.routes.get("/favicon.ico", context -> context.status(204));
          config.routes.get(
              "/login/{user}",
              context -> {
                context.sessionAttribute(USER, context.pathParam("user"));
                html(context, "<h1>Welcome</h1><a href='/deliveries/runhook/'>Deployments</a>");
              });
          config.routes.get(
              "/logout",
              context -> {
                context.req().getSession().invalidate();
                html(context, "<h1>Goodbye</h1>");
              });
          web.servlet().mount(config.routes, "/deliveries/runhook");
        });
    service.start("127.0.0.1", 0);
    StackId stack = runhook.stack("payments");
    runhook.journal().register(Stack.named(stack, "Payments"));
    runhook.journal().register(Stack.named(runhook.stack("internal"), "Internal affairs"));
    runhook
        .webhooks()
        .create(stack, CreateWebhookRequest.of("https://chat.example/hooks"), new Actor("setup"));
    TransitionReport queued =
        TransitionReport.of(new RunId(stack, "deployment-1"), RunState.QUEUED);
    runhook.journal().start(NewRun.of(RunDetails.tracked("main", Commit.of("0ee3f1c")), queued));
  }

  private static void html(Context context, String body) {
    context.html("<!doctype html><html lang='en'><body>" + body + "</body></html>");
  }

  private static Optional<HostUser> user(HttpServletRequest request) {
    return Optional.ofNullable(request.getSession(false))
        .map(session -> String.valueOf(session.getAttribute(USER)))
        .map(name ->
            name.equals("olivia")
                ? HostUser.of(name, Role.ADMIN)
                : HostUser.of(name, Role.READER).onlyFor("payments"));
  }

  @AfterEach
  void stop() {
    web.close();
    service.stop();
    runhook.close();
    postgres.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + service.port() + path;
  }

  @Test
  void a_user_of_the_service_follows_links_and_edits_a_webhook(Browser browser) {
    browser.driver.get(url("/login/olivia"));
    browser.click("Deployments");

    browser.awaitText("deployment-1");
    assertThat(browser.hasControl("Sign out")).isFalse();
    browser.screenshot(PICTURE);
    browser.navigate("#/stacks/payments");
    browser.click("deployment-1");
    browser.awaitText("chat.example");
    browser.driver.navigate().refresh();
    browser.awaitText("chat.example");
    assertThat(browser.driver.getCurrentUrl())
        .startsWith(url("/deliveries/runhook/#/stacks/payments/runs/deployment-1"));

    browser.navigate("#/stacks/payments/settings/integrations");
    browser.click(By.cssSelector("main a[href*='/settings/integrations/0']"));
    browser.click("Settings");
    browser.type("Name", "Chat of the shop");
    browser.click("Save");
    browser.awaitText("Saved");
    browser.navigate("#/account/audit");
    browser.awaitText("olivia");
    assertThat(browser.hasControl("Sessions")).isFalse();
    browser.click("API reference");
    browser.awaitText("API docs by Redocly");
    assertThat(browser.consoleMessages()) // the policy blocks the logo of Redoc's vendor
        .allMatch(line -> line.contains("logo-mini.svg"));
    browser.driver.get(url("/"));
    browser.awaitText("The shop");
    leave(browser);
  }

  @Test
  void a_reader_sees_only_the_stacks_that_the_service_allows(Browser browser) {
    browser.driver.get(url("/login/ron"));

    browser.driver.get(url("/deliveries/runhook/#/stacks"));

    browser.awaitText("Payments");
    assertThat(browser.text()).doesNotContain("Internal affairs");
    browser.driver.executeScript("return fetch('/logout')");
    browser.navigate("#/stacks/payments");
    browser.awaitText("Reload the page to sign in.");
    leave(browser);
  }

  /// Ends requests of the page, which would fail when the service stops.
  private static void leave(Browser browser) {
    browser.driver.get("about:blank");
  }
}
