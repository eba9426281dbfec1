package dev.runhook.outbound.format;

import dev.runhook.domain.event.Event;
import java.util.List;

/// Payloads that each template must be able to render.
///
/// @param payload in Runhook's own format
record TemplateSample(Event.Kind kind, String payload) {
  static final List<TemplateSample> ALL =
      List.of(
          new TemplateSample(
              Event.Kind.RUN_STATE_CHANGED,
              """
              {"account":"acme","state":"FAILED","stateVersion":4,"timestamp":1596979684,"run":{"id":"run-1",
               "branch":"main","commit":{"authorLogin":"octocat","authorName":"Octo \\"Cat\\"","hash":"0ee3f1c",
               "message":"Add a subnet\\n","timestamp":1596705932,"url":"https://example.com/0ee3f1c"},
               "createdAt":1596979665,"delta":{"added":1,"changed":0,"deleted":0,"resources":12},
               "triggeredBy":"octocat@example.com","type":"TRACKED","url":"https://example.com/runs/1"},
               "stack":{"id":"demo","name":"Demo","description":"","labels":["a","b"]},"note":"exit code 1",
               "changes":[{"address":"aws_db_instance.main","type":"aws_db_instance","action":"delete"}],
               "changesTruncated":true}
              """),
          new TemplateSample(
              Event.Kind.RUN_STATE_CHANGED,
              """
              {"account":"acme","state":"QUEUED","stateVersion":1,"timestamp":1596979684,"run":{"id":"run-1",
               "branch":"main","commit":{"authorLogin":null,"authorName":"","hash":"0ee3f1c","message":"",
               "timestamp":null,"url":null},"createdAt":1596979665,"delta":null,"triggeredBy":null,"type":"TRACKED"},
               "stack":{"id":"demo","name":"Demo","description":"","labels":[]}}
              """),
          new TemplateSample(
              Event.Kind.PING,
              """
              {"account":"acme","event":"ping","timestamp":1596979684,
               "stack":{"id":"demo","name":"Demo","description":"","labels":[]},
               "webhook":{"id":"0197a9f2-7c1e-7d3a-9a51-3f0b6f1f2a10","endpoint":"https://example.com/hooks"}}
              """),
          new TemplateSample(
              Event.Kind.WEBHOOK_PAUSED,
              """
              {"account":"acme","event":"webhook_paused","timestamp":1596979684,
               "stack":{"id":"demo","name":"Demo","description":"","labels":[]},
               "webhook":{"id":"0197a9f2-7c1e-7d3a-9a51-3f0b6f1f2a10","name":"Chat","endpoint":"https://example.com"},
               "details":{"failures":20,"error":"the receiver responded with status 500","nextProbeAt":1596979744,
                "verdict":"PAUSED"}}
              """));
}
