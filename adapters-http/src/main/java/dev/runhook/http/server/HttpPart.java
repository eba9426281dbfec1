package dev.runhook.http.server;

/// What an [HttpApi] serves. A host may leave out what it does not need.
public enum HttpPart {
  /// The resources at `/api/v1`.
  API,
  /// The web UI at `/` and below `/assets`. It needs the API.
  WEB_UI,
  /// The description of the API at `/openapi.yaml`, `/openapi.json` and `/payload.schema.json`, and
  /// the reference at `/docs`.
  DOCS,
  /// `/health/live`, `/health/ready` and, with [HttpApi#withMetrics], `/metrics`. They need no
  /// token and no user.
  HEALTH
}
