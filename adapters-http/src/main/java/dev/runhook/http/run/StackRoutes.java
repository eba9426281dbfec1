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

/// `/stacks`: which stacks there are.
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

  private ApiResponse put(ApiRequest apiRequest, StackId id) {
    Stack stack = apiRequest.readBody(jsonObjectReader -> read(jsonObjectReader, id));
    boolean isNew = journal.register(stack);
    return isNew
        ? ApiResponse.of(201, StackJson.of(stack)).withLocation("/stacks/" + id.slug())
        : ApiResponse.ok(StackJson.of(stack));
  }

  private ApiResponse delete(ApiRequest apiRequest, StackId stack) {
    journal.deleteStack(stack, apiRequest.actor());
    return ApiResponse.noContent();
  }

  private static Optional<Stack> read(JsonObjectReader jsonObjectReader, StackId id) {
    Optional<String> name = jsonObjectReader.required("name", Decoder.NON_BLANK_TEXT);
    Optional<String> description = jsonObjectReader.optional("description", Decoder.TEXT);
    Optional<List<String>> labels =
        jsonObjectReader.optional(
            "labels", Decoder.listOf(Decoder.NON_BLANK_TEXT).map(list -> counted(id, list)));
    Optional<String> url = jsonObjectReader.optional("url", Decoder.TEXT);
    Optional<String> repository = jsonObjectReader.optional("repository", Decoder.TEXT);
    return jsonObjectReader.build(() ->
        new Stack(
            id,
            name.orElseThrow(),
            description.orElse(""),
            labels.orElse(List.of()),
            url,
            repository));
  }

  /// The labels, if a stack may have that many.
  private static List<String> counted(StackId id, List<String> labels) {
    return new Stack(id, id.slug(), "", labels, Optional.empty(), Optional.empty()).labels();
  }
}
