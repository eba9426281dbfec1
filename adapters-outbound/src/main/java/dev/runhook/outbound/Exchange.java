package dev.runhook.outbound;

import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.Outcome.Answered;
import dev.runhook.outbound.FirstBytes.Start;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import org.jspecify.annotations.Nullable;

/// One request and what came of it. Until the headers are there the client's timeout guards it,
/// from then on [Deadlines] do.
final class Exchange implements Deadlines.Dated {
  private final Deadline deadline;
  private final Deadlines deadlines;
  private final Answers answers;
  private final Failures failures;
  private final FirstBytes body = new FirstBytes();
  private volatile @Nullable ResponseInfo head;
  private @Nullable Outcome outcome;
  private boolean closedUnanswered;
  private boolean wholeBody;

  Exchange(Deadline deadline, Deadlines deadlines, Answers answers, Failures failures) {
    this.deadline = deadline;
    this.deadlines = deadlines;
    this.answers = answers;
    this.failures = failures;
  }

  /// Runs it on the calling thread. Interrupting that ends it, which closes the connection.
  void run(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<Start> response = client.send(request, this::begin);
      @Nullable Start start = response.body(); // none where a proxy wants credentials
      wholeBody = start != null && !start.truncated();
      outcome =
          answers.answered(
              response.statusCode(), response.headers(), start == null ? body.soFar() : start);
    } catch (IOException | RuntimeException e) {
      outcome = outcomeDespite(e, request);
      closedUnanswered = head == null && Failures.isClosedWithoutAnswer(e);
    } catch (InterruptedException e) {
      if (head == null) {
        throw e;
      }
      Thread.currentThread().interrupt();
      outcome = answered(body.soFar());
    } finally {
      deadlines.forget(this);
    }
  }

  @Override
  public Deadline deadline() {
    return deadline;
  }

  @Override
  public void cutOff() {
    body.cutOff();
  }

  Outcome outcome() {
    if (outcome == null) {
      throw new IllegalStateException("the exchange has not run");
    }
    return outcome;
  }

  /// Whether the connection was closed before the first byte of an answer.
  boolean wasClosedUnanswered() {
    return closedUnanswered;
  }

  /// Whether the client may use the connection again.
  boolean leftConnectionOpen() {
    ResponseInfo seen = head;
    return wholeBody && seen != null && !closes(seen.headers());
  }

  private BodySubscriber<Start> begin(ResponseInfo seen) {
    head = seen;
    deadlines.watch(this);
    return body;
  }

  /// The status line decides, unless the head itself proves to be unreadable, which the client
  /// tells by an [IllegalArgumentException].
  private Outcome outcomeDespite(Exception failure, HttpRequest request) {
    if (head != null && !(failure instanceof IllegalArgumentException)) {
      return answered(body.soFar());
    }
    return Failures.is204WithLength(failure)
        ? Answered.of(204)
        : failures.outcome(failure, request.uri());
  }

  private Outcome answered(Start start) {
    ResponseInfo seen = head;
    if (seen == null) {
      throw new IllegalStateException("a body without a head");
    }
    return answers.answered(seen.statusCode(), seen.headers(), start);
  }

  private static boolean closes(HttpHeaders headers) {
    return headers.allValues("Connection").stream().anyMatch("close"::equalsIgnoreCase);
  }
}
