package dev.runhook.http;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.PUT;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `/stacks`: which stacks there are.
final class StackRoutes {
  private final RunJournal journal;

  StackRoutes(RunJournal journal) {
    this.journal = journal;
  }

  record StackJson(
      String id,
      String name,
      String description,
      List<String> labels,
      @Nullable String url,
      @Nullable String repository) {
    static StackJson of(Stack stack) {
      return new StackJson(
          stack.id().slug(),
          stack.name(),
          stack.description(),
          stack.labels(),
          stack.url().orElse(null),
          stack.repository().orElse(null));
    }
  }

  void mount(Routes routes) {
    routes.stack(PUT, "", Role.WRITER, this::put);
    routes.stack(GET, "", Role.READER, (_, stack) -> Answer.ok(StackJson.of(journal.stack(stack))));
    routes.stack(DELETE, "", Role.ADMIN, this::delete);
  }

  private Answer put(Call call, StackId id) {
    Stack stack = call.body(fields -> read(fields, id));
    boolean isNew = journal.register(stack);
    return isNew
        ? Answer.of(201, StackJson.of(stack)).located("/stacks/" + id.slug())
        : Answer.ok(StackJson.of(stack));
  }

  private Answer delete(Call call, StackId stack) {
    journal.deleteStack(stack, call.actor());
    return Answer.noContent();
  }

  private static Optional<Stack> read(Fields fields, StackId id) {
    Optional<String> name = fields.required("name", Form.NON_BLANK_TEXT);
    Optional<String> description = fields.optional("description", Form.TEXT);
    Optional<List<String>> labels =
        fields.optional("labels", Form.listOf(Form.NON_BLANK_TEXT).as(list -> counted(id, list)));
    Optional<String> url = fields.optional("url", Form.TEXT);
    Optional<String> repository = fields.optional("repository", Form.TEXT);
    return fields.make(() ->
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
