package com.example.pipelines;

import dev.runhook.domain.account.Role;
import dev.runhook.domain.signing.Header;
import dev.runhook.http.security.HostUser;
import dev.runhook.http.security.HostUsers;
import dev.runhook.spring.RunhookCustomizer;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class PipelineApplication {
  public static void main(String[] args) {
    SpringApplication.run(PipelineApplication.class, args);
  }

  /// A reverse proxy signs users in, and nobody can reach the application without it.
  @Bean
  HostUsers runhookUsers() {
    return request ->
        Optional.ofNullable(request.getHeader("X-Forwarded-User"))
            .map(user -> HostUser.of(user, Role.READER));
  }

  /// Receivers that verify the signature of the application's former sender need no change.
  @Bean
  RunhookCustomizer formerSignature() {
    return runhook ->
        runhook.wrapTransport(next ->
            request ->
                next.post(
                    request.headers().stream()
                        .filter(header -> header.name().equals("X-Signature-256"))
                        .map(header -> header.value().substring("sha256=".length()))
                        .findFirst()
                        .map(hex -> request.withHeader(new Header("X-Pipelines-Signature", hex)))
                        .orElse(request)));
  }
}
