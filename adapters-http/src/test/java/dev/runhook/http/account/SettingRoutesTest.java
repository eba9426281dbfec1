package dev.runhook.http.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.http.server.TestResponse;
import dev.runhook.http.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingRoutesTest {
  private final TestServer server = new TestServer();

  @AfterEach
  void tearDown() {
    server.close();
  }

  @Test
  void admins_see_the_effective_settings_without_secrets() {
    TestResponse settings = server.get("/settings").isOk();

    assertThat(settings.at("/items").valueStream().map(Object::toString))
        .containsExactly(
            "{\"name\":\"RUNHOOK_PORT\",\"value\":\"9090\",\"default\":\"8080\","
                + "\"set\":true,\"secret\":false,\"source\":\"environment\"}",
            "{\"name\":\"RUNHOOK_EGRESS_PROXY\",\"value\":null,\"default\":null,"
                + "\"set\":false,\"secret\":false,\"source\":\"default\"}",
            "{\"name\":\"RUNHOOK_ADMIN_TOKEN\",\"value\":null,\"default\":null,"
                + "\"set\":true,\"secret\":true,\"source\":\"file /run/secrets/token\"}",
            "{\"name\":\"RUNHOOK_ENCRYPTION_KEY\",\"value\":null,\"default\":null,"
                + "\"set\":false,\"secret\":true,\"source\":\"default\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {TestServer.OTHER_ACCOUNT, TestServer.STACK_ADMIN})
  void admins_who_do_not_operate_the_server_see_no_settings(String token) {
    TestResponse settings = server.getAs(token, "/settings").isOk();

    assertThat(settings.at("/items")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {TestServer.READER, TestServer.WRITER})
  void only_admins_see_settings(String token) {
    server.getAs(token, "/settings").is(403);
  }
}
