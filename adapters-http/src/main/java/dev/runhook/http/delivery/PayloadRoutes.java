package dev.runhook.http.delivery;

import static io.javalin.http.HandlerType.DELETE;

import dev.runhook.application.retention.PayloadErasure;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.run.RunRoutes;

/// Erases the stored payloads of a run, or of all runs that the caller can see, before retention
/// does.
public final class PayloadRoutes {
  private final PayloadErasure erasure;

  public PayloadRoutes(PayloadErasure erasure) {
    this.erasure = erasure;
  }

  public void mount(Routes routes) {
    routes.account(DELETE, "/payloads", Role.ADMIN, this::eraseAll);
    routes.stack(DELETE, RunRoutes.RUN + "/payloads", Role.ADMIN, this::eraseRun);
  }

  private ApiResponse eraseAll(ApiRequest request) {
    Grant grant = request.grant();
    return ApiResponse.ok(erasure.erase(grant.account(), grant.stackScope(), request.actor()));
  }

  private ApiResponse eraseRun(ApiRequest request, StackId stack) {
    return ApiResponse.ok(erasure.erase(RunRoutes.id(request, stack), request.actor()));
  }
}
