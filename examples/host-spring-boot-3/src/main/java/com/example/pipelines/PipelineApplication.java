package com.example.pipelines;

import dev.runhook.domain.signing.Header;
import dev.runhook.spring.RunhookCustomizer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class PipelineApplication {
  public static void main(String[] args) {
    SpringApplication.run(PipelineApplication.class, args);
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
