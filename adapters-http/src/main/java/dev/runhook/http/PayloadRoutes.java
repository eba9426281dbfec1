package dev.runhook.http;

import static io.javalin.http.HandlerType.DELETE;

import dev.runhook.application.delivery.Erasure;
import dev.runhook.domain.account.Role;

/// `…/payloads`: what was told of runs, to be forgotten before its time.
final class PayloadRoutes {
  private final Erasure erasure;

  PayloadRoutes(Erasure erasure) {
    this.erasure = erasure;
  }

  /// @param kept how many are still to be sent
  record ErasureJson(long forgotten, long kept) {
    static ErasureJson of(Erasure.Outcome outcome) {
      return new ErasureJson(outcome.forgotten(), outcome.kept());
    }
  }

  void mount(Routes routes) {
    routes.account(
        DELETE,
        "/payloads",
        Role.ADMIN,
        call -> answer(erasure.forget(call.grant().account(), call.grant().reach(), call.actor())));
    routes.stack(
        DELETE,
        RunRoutes.RUN + "/payloads",
        Role.ADMIN,
        (call, stack) -> answer(erasure.forget(RunRoutes.id(call, stack), call.actor())));
  }

  private static Answer answer(Erasure.Outcome outcome) {
    return Answer.ok(ErasureJson.of(outcome));
  }
}
