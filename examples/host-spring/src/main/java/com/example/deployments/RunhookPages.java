package com.example.deployments;

import dev.runhook.domain.account.Role;
import dev.runhook.http.security.HostUser;
import dev.runhook.http.security.HostUsers;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Who may see Runhook's pages at `runhook.web.path`: operators may change webhooks, and other
/// users see the deployments.
@Configuration(proxyBeanMethods = false)
class RunhookPages {
  @Bean
  HostUsers runhookUsers() {
    return request ->
        Optional.ofNullable(request.getUserPrincipal())
            .map(user ->
                request.isUserInRole("OPERATOR")
                    ? HostUser.of(user.getName(), Role.ADMIN)
                    : HostUser.of(user.getName(), Role.READER).onlyFor("main"));
  }
}
