package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.DELETE;

import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.domain.account.Role;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.run.RunRoutes;

/// `…/payloads`: what was told of runs, to be forgotten before its time.
public final class PayloadRoutes {
  private final PayloadErasure payloadErasure;

  public PayloadRoutes(PayloadErasure erasure) {
    this.payloadErasure = erasure;
  }

  /// @param kept how many are still to be sent
  record ErasureJson(long erased, long retained) {
    static ErasureJson of(PayloadErasure.ErasureResult erasureResult) {
      return new ErasureJson(erasureResult.erased(), erasureResult.retained());
    }
  }

  public void mount(Routes routes) {
    routes.account(
        DELETE,
        "/payloads",
        Role.ADMIN,
        apiRequest ->
            answer(
                payloadErasure.erase(
                    apiRequest.grant().account(),
                    apiRequest.grant().stackScope(),
                    apiRequest.actor())));
    routes.stack(
        DELETE,
        RunRoutes.RUN + "/payloads",
        Role.ADMIN,
        (call, stack) -> answer(payloadErasure.erase(RunRoutes.id(call, stack), call.actor())));
  }

  private static ApiResponse answer(PayloadErasure.ErasureResult erasureResult) {
    return ApiResponse.ok(ErasureJson.of(erasureResult));
  }
}
