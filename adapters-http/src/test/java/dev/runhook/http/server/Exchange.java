package dev.runhook.http.server;

import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A request and its response.
///
/// @param path the request path without the context path of a host
public record Exchange(
    String method,
    String path,
    Optional<String> query,
    Map<String, List<String>> requestHeaders,
    String requestBody,
    int status,
    Map<String, List<String>> responseHeaders,
    String responseBody) {
  static Exchange of(HttpRequest request, HttpResponse<String> response, String context) {
    URI uri = request.uri();
    return new Exchange(
        request.method(),
        uri.getRawPath().substring(context.length()),
        Optional.ofNullable(uri.getRawQuery()),
        request.headers().map(),
        request.bodyPublisher().map(Exchange::sent).orElse(""),
        response.statusCode(),
        response.headers().map(),
        response.body());
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /// The status of the response, and the status of each item of a batch.
  Stream<Integer> statuses() {
    Stream<Integer> ofItems =
        status == 200 && path.endsWith("/transitions")
            ? TestResponse.parsed(responseBody).findValues("status").stream().map(JsonNode::asInt)
            : Stream.empty();
    return Stream.concat(Stream.of(status), ofItems);
  }

  String mediaType() {
    return responseHeaders.getOrDefault("content-type", List.of("")).getFirst();
  }

  /// The validator does not support HEAD, so HEAD is validated as GET.
  SimpleRequest request() {
    SimpleRequest.Builder request =
        new SimpleRequest.Builder(isHead() ? "GET" : method, path, true);
    requestHeaders.forEach(request::withHeader);
    query.ifPresent(text -> parameters(text).forEach(request::withQueryParam));
    return requestBody.isEmpty() ? request.build() : request.withBody(requestBody).build();
  }

  SimpleResponse response() {
    SimpleResponse.Builder response = new SimpleResponse.Builder(status);
    responseHeaders.forEach(response::withHeader);
    return responseBody.isEmpty() ? response.build() : response.withBody(responseBody).build();
  }

  @Override
  public String toString() {
    return "%s %s %s -> %d %s".formatted(method, path, requestBody, status, responseBody);
  }

  private static Map<String, List<String>> parameters(String query) {
    return Arrays.stream(query.split("&"))
        .map(part -> part.split("=", 2))
        .collect(
            Collectors.groupingBy(
                part -> decoded(part[0]),
                Collectors.mapping(
                    part -> part.length > 1 ? decoded(part[1]) : "", Collectors.toList())));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /// Returns the text that a publisher publishes.
  private static String sent(HttpRequest.BodyPublisher publisher) {
    BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
    publisher.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            text.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer bytes) {
            text.onNext(List.of(bytes));
          }

          @Override
          public void onError(Throwable failure) {
            text.onError(failure);
          }

          @Override
          public void onComplete() {
            text.onComplete();
          }
        });
    return text.getBody().toCompletableFuture().join();
  }
}
