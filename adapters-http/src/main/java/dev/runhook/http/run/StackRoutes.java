package dev.runhook.http.run;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PUT;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One stack at `/stacks/{stack}`.
public final class StackRoutes {
  private final RunJournal journal;

  public StackRoutes(RunJournal journal) {
    this.journal = journal;
  }

  public record StackJson(
      String id,
      String name,
      String description,
      List<String> labels,
      @Nullable String url,
      @Nullable String repository) {
    public static StackJson of(Stack stack) {
      return new StackJson(
          stack.id().slug(),
          stack.name(),
          stack.description(),
          stack.labels(),
          stack.url().orElse(null),
          stack.repository().orElse(null));
    }
  }

  public void mount(Routes routes) {
    routes.stack(PUT, "", Role.WRITER, this::put);
    routes.stack(
        GET, "", Role.READER, (_, stack) -> ApiResponse.ok(StackJson.of(journal.stack(stack))));
    routes.stack(DELETE, "", Role.ADMIN, this::delete);
  }

  private ApiResponse put(ApiRequest request, StackId id) {
    Stack stack = request.readBody(fields -> parse(fields, id));
    boolean isNew = journal.register(stack);
    return isNew
        ? ApiResponse.of(201, StackJson.of(stack)).withLocation("/stacks/" + id.slug())
        : ApiResponse.ok(StackJson.of(stack));
  }

  private ApiResponse delete(ApiRequest request, StackId stack) {
    journal.deleteStack(stack, request.actor());
    return ApiResponse.noContent();
  }

  private static Optional<Stack> parse(JsonObjectReader fields, StackId id) {
    Optional<String> name = fields.required("name", Decoder.NON_BLANK_TEXT);
    Optional<String> description = fields.optional("description", Decoder.TEXT);
    Optional<List<String>> labels =
        fields.optional(
            "labels",
            Decoder.listOf(Decoder.NON_BLANK_TEXT).map(list -> requireFewEnough(id, list)));
    Optional<String> url = fields.optional("url", Decoder.TEXT);
    Optional<String> repository = fields.optional("repository", Decoder.TEXT);
    return fields.build(() ->
        new Stack(
            id,
            name.orElseThrow(),
            description.orElse(""),
            labels.orElse(List.of()),
            url,
            repository));
  }

  private static List<String> requireFewEnough(StackId id, List<String> labels) {
    return new Stack(id, id.slug(), "", labels, Optional.empty(), Optional.empty()).labels();
  }
}
