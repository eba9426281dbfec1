package dev.runhook.spring;

import dev.runhook.embedded.Runhook;
import dev.runhook.http.security.HostUsers;
import dev.runhook.http.server.HttpApiServlet;
import dev.runhook.web.RunhookWeb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Serves Runhook's API and web UI at `runhook.web.path`, to those whom the [HostUsers] bean of the
/// application knows. Without such a bean, or without `runhook-web`, nothing is served.
@AutoConfiguration(after = RunhookAutoConfiguration.class)
@ConditionalOnProperty("runhook.web.path")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(Runhook.class)
@EnableConfigurationProperties(RunhookWebProperties.class)
public class RunhookWebAutoConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(RunhookWebAutoConfiguration.class);

  /// The API and the web UI for the users of the application.
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RunhookWeb.class)
  @ConditionalOnBean(HostUsers.class)
  static class UsersConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    RunhookWeb runhookWeb(Runhook runhook, HostUsers users) {
      return RunhookWeb.forUsers(runhook, users);
    }

    @Bean
    ServletRegistrationBean<HttpApiServlet> runhookServlet(
        RunhookWeb web, RunhookWebProperties properties) {
      ServletRegistrationBean<HttpApiServlet> servlet =
          new ServletRegistrationBean<>(web.servlet(), properties.path() + "/*");
      servlet.setName("runhook");
      return servlet;
    }
  }

  /// Says that nobody may see anything.
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RunhookWeb.class)
  @ConditionalOnMissingBean(HostUsers.class)
  static class NobodyConfiguration {
    NobodyConfiguration(RunhookWebProperties properties) {
      warn(properties, "a bean of the type HostUsers must say who may see what");
    }
  }

  /// Says that the API and the web UI are not on the class path.
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("dev.runhook.web.RunhookWeb")
  static class NothingConfiguration {
    NothingConfiguration(RunhookWebProperties properties) {
      warn(properties, "add the dependency runhook-web");
    }
  }

  private static void warn(RunhookWebProperties properties, String remedy) {
    LOG.warn("Runhook serves nothing at {}: {}", properties.path(), remedy);
  }
}
