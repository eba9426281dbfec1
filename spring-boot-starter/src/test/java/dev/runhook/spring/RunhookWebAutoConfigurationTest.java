package dev.runhook.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.embedded.Runhook;
import dev.runhook.http.security.HostUsers;
import dev.runhook.testkit.ScriptedTransport;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import dev.runhook.web.RunhookWeb;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletRegistrationBean;

/// What is served depends on a property, a bean and a library.
@ExtendWith(OutputCaptureExtension.class)
class RunhookWebAutoConfigurationTest {
  private static final HostUsers USERS = request -> Optional.empty();

  private final WebApplicationContextRunner application =
      new WebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RunhookWebAutoConfiguration.class))
          .withBean(Runhook.class, RunhookWebAutoConfigurationTest::runhook);

  private static Runhook runhook() {
    InMemoryTransactor store = new InMemoryTransactor(SettableClock.atNoon());
    return Runhook.on(store).transport(new ScriptedTransport(store)).build();
  }

  @Test
  void the_servlet_is_below_the_path() {
    application
        .withPropertyValues("runhook.web.path=/tools/runhook")
        .withBean(HostUsers.class, () -> USERS)
        .run(started ->
            assertThat(started.getBean(ServletRegistrationBean.class).getUrlMappings().toString())
                .isEqualTo("[/tools/runhook/*]"));
  }

  @Test
  void nothing_is_served_without_a_path() {
    application
        .withBean(HostUsers.class, () -> USERS)
        .run(started -> assertThat(started).doesNotHaveBean(RunhookWeb.class));
  }

  @Test
  void nothing_is_served_if_nobody_may_see_it(CapturedOutput output) {
    application
        .withPropertyValues("runhook.web.path=/runhook")
        .run(started -> {
          assertThat(started).hasNotFailed().doesNotHaveBean(ServletRegistrationBean.class);
          assertThat(output).contains("Runhook serves nothing at /runhook", "HostUsers");
        });
  }

  @Test
  void a_missing_library_is_named(CapturedOutput output) {
    application
        .withClassLoader(new FilteredClassLoader("dev.runhook.web", "dev.runhook.http"))
        .withPropertyValues("runhook.web.path=/runhook")
        .run(started -> {
          assertThat(started).hasNotFailed().doesNotHaveBean(ServletRegistrationBean.class);
          assertThat(output).contains("Runhook serves nothing at /runhook", "runhook-web");
        });
  }

  @Test
  void a_path_without_a_slash_is_refused() {
    application
        .withPropertyValues("runhook.web.path=runhook")
        .withBean(HostUsers.class, () -> USERS)
        .run(started ->
            assertThat(started)
                .getFailure()
                .hasStackTraceContaining("runhook.web.path must be a path such as /runhook"));
  }
}
