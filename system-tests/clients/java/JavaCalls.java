import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.ApiResponse;
import org.openapitools.client.api.DeliveriesApi;
import org.openapitools.client.api.RunsApi;
import org.openapitools.client.api.StacksApi;
import org.openapitools.client.api.WebhooksApi;
import org.openapitools.client.model.CommitInput;
import org.openapitools.client.model.Delivery;
import org.openapitools.client.model.DeliveryDetails;
import org.openapitools.client.model.DeliveryStatus;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.ReplayRequest;
import org.openapitools.client.model.ReplayPreview;
import org.openapitools.client.model.RunInput;
import org.openapitools.client.model.RunState;
import org.openapitools.client.model.StackInput;
import org.openapitools.client.model.TransitionBatchItem;
import org.openapitools.client.model.TransitionInput;
import org.openapitools.client.model.TransitionItem;
import org.openapitools.client.model.WebhookInput;
import org.openapitools.client.model.WebhookWithSecret;

/// Makes calls with the client that openapi-generator generated for Java.
///
/// Arguments: the URL of the server and an admin token.
final class JavaCalls {
  private static final String STACK = "java";
  private static final String NO_ENDPOINT = "http://127.0.0.1:9/hooks";

  private final ApiClient client = new ApiClient();
  private final StacksApi stacks;
  private final RunsApi runs;
  private final WebhooksApi webhooks;
  private final DeliveriesApi deliveries;

  private JavaCalls(String url, String token) {
    client.updateBaseUri(url);
    client.setRequestInterceptor(
        (HttpRequest.Builder request) -> request.setHeader("Authorization", "Bearer " + token));
    stacks = new StacksApi(client);
    runs = new RunsApi(client);
    webhooks = new WebhooksApi(client);
    deliveries = new DeliveriesApi(client);
  }

  public static void main(String[] arguments) throws Exception {
    new JavaCalls(arguments[0], arguments[1]).run();
    System.out.println("Java: all calls succeeded");
  }

  private void run() throws Exception {
    stacks.upsertStack(STACK, new StackInput().name("Java"), null);
    WebhookWithSecret webhook = createWebhook();
    createRunAndRecord();
    recordBatch();
    readDelivery(webhook.getId());
    countReplay(webhook.getId());
    rotateSecret(webhook);
    readProblem();
    ApiResponse<Void> deleted = webhooks.deleteWebhookWithHttpInfo(STACK, webhook.getId(), null);
    require(deleted.getStatusCode() == 204, "a deletion returns 204", deleted.getStatusCode());
  }

  private WebhookWithSecret createWebhook() throws ApiException {
    WebhookInput input =
        new WebhookInput().endpoint(NO_ENDPOINT).timeout("2s").retrySchedule(List.of());
    WebhookWithSecret webhook = webhooks.createWebhook(STACK, input, null);
    require("PT2S".equals(webhook.getTimeout()), "the timeout is kept", webhook);
    return webhook;
  }

  private void createRunAndRecord() throws ApiException {
    RunInput run =
        new RunInput()
            .id("run-1")
            .branch("main")
            .commit(new CommitInput().hash("0ee3f1c").message("Add a subnet").authorName("Octo"));
    runs.createRun(STACK, run, null);
    runs.recordTransition(STACK, "run-1", new TransitionInput().state(RunState.READY), null);
  }

  private void recordBatch() throws ApiException {
    TransitionItem good = new TransitionItem().stack(STACK).run("run-1").state(RunState.PREPARING);
    TransitionItem bad = new TransitionItem().stack(STACK).run("none").state(RunState.PREPARING);
    List<TransitionBatchItem> items =
        runs.recordTransitions(List.of(good, bad), null).getItems();
    require(items.size() == 2, "a batch returns every item", items);
    require(items.get(0).getStatus() == 201, "a good item is recorded", items);
    require(items.get(0).getProblem() == null, "a good item has no problem", items);
    require(items.get(1).getStatus() == 404, "a bad item has its own status", items);
    require("no-such-run".equals(typeOf(items.get(1).getProblem())), "it has a problem", items);
  }

  private void readDelivery(UUID webhook) throws Exception {
    Instant end = Instant.now().plusSeconds(30);
    List<Delivery> failed = listFailed(webhook);
    while (failed.isEmpty() && Instant.now().isBefore(end)) {
      Thread.sleep(100);
      failed = listFailed(webhook);
    }
    require(!failed.isEmpty(), "a delivery fails", failed);
    Delivery delivery = failed.get(0);
    DeliveryDetails details = deliveries.getDelivery(delivery.getId());
    require(delivery.getAttemptCount() == 1, "a list counts attempts", delivery);
    require(details.getAttempts().size() == 1, "a delivery contains attempts", details);
  }

  private List<Delivery> listFailed(UUID webhook) throws ApiException {
    return deliveries
        .listDeliveries(
            STACK, webhook, DeliveryStatus.FAILED, null, null, null, null, null, null, null, null,
            null, null)
        .getItems();
  }

  private void countReplay(UUID webhook) throws ApiException {
    ReplayRequest request = new ReplayRequest().from("2026-01-01T00:00:00Z").dryRun(true);
    ReplayPreview counted = deliveries.replayDeliveries(STACK, webhook, request, null);
    require(counted.getToCreate() >= 1, "a dry run counts deliveries", counted);
  }

  private void rotateSecret(WebhookWithSecret webhook) throws ApiException {
    String secret = webhooks.getSecret(STACK, webhook.getId()).getSecret();
    require(secret.equals(webhook.getSecret()), "the secret is shown", "another secret");
    WebhookWithSecret rotated = webhooks.rotateSecret(STACK, webhook.getId(), null, null);
    require(!rotated.getSecret().equals(secret), "a new secret is generated", "the same secret");
    require(rotated.getPreviousSecretExpiresAt() != null, "there is an overlap", "none");
  }

  private void readProblem() throws Exception {
    try {
      webhooks.createWebhook(STACK, new WebhookInput().endpoint(NO_ENDPOINT), null);
      throw new AssertionError("a second webhook with the same endpoint was created");
    } catch (ApiException e) {
      Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
      require(e.getCode() == 409, "a duplicate endpoint is a conflict", e.getCode());
      require("endpoint-taken".equals(typeOf(problem)), "the problem is parsed", problem);
    }
  }

  /// Returns the last part of the type, such as `no-such-run`.
  private static String typeOf(Problem problem) {
    return problem.getType().substring(problem.getType().lastIndexOf(':') + 1);
  }

  private static void require(boolean condition, String expectation, Object actual) {
    if (!condition) {
      throw new AssertionError("expected that " + expectation + ", but got: " + actual);
    }
  }
}
