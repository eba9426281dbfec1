package dev.runhook.bootstrap.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CiVariablesTest {
  @Test
  void github_actions_name_the_commit_and_the_page_of_the_run() {
    CiVariables push =
        CiVariables.of(
            Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_SHA", "0ee3f1c",
                "GITHUB_REF_NAME", "main",
                "GITHUB_HEAD_REF", "",
                "GITHUB_SERVER_URL", "https://github.com",
                "GITHUB_REPOSITORY", "acme/net",
                "GITHUB_RUN_ID", "7",
                "GITHUB_ACTOR", "octocat"));

    assertThat(push)
        .isEqualTo(
            new CiVariables(
                "main",
                "0ee3f1c",
                null,
                null,
                "https://github.com/acme/net/commit/0ee3f1c",
                "https://github.com/acme/net/actions/runs/7",
                "octocat"));
  }

  @Test
  void the_branch_of_a_pull_request_is_its_head() {
    CiVariables pullRequest =
        CiVariables.of(
            Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_REF_NAME", "12/merge",
                "GITHUB_HEAD_REF", "add-subnet"));

    assertThat(pullRequest.branch()).isEqualTo("add-subnet");
  }

  @Test
  void gitlab_also_names_the_author_and_the_message() {
    CiVariables job =
        CiVariables.of(
            Map.of(
                "GITLAB_CI", "true",
                "CI_COMMIT_SHA", "0ee3f1c",
                "CI_COMMIT_REF_NAME", "main",
                "CI_COMMIT_MESSAGE", "Add a subnet",
                "CI_COMMIT_AUTHOR", "Octo Cat <octocat@example.com>",
                "CI_PROJECT_URL", "https://gitlab.com/acme/net",
                "CI_JOB_URL", "https://gitlab.com/acme/net/-/jobs/7",
                "GITLAB_USER_LOGIN", "octocat"));

    assertThat(job)
        .isEqualTo(
            new CiVariables(
                "main",
                "0ee3f1c",
                "Add a subnet",
                "Octo Cat",
                "https://gitlab.com/acme/net/-/commit/0ee3f1c",
                "https://gitlab.com/acme/net/-/jobs/7",
                "octocat"));
  }

  @Test
  void atlantis_names_the_pull_request() {
    CiVariables step =
        CiVariables.of(
            Map.of(
                "ATLANTIS_TERRAFORM_VERSION", "1.9.0",
                "HEAD_COMMIT", "0ee3f1c",
                "HEAD_BRANCH_NAME", "add-subnet",
                "PULL_URL", "https://github.com/acme/net/pull/2",
                "USER_NAME", "octocat"));

    assertThat(step)
        .isEqualTo(
            new CiVariables(
                "add-subnet",
                "0ee3f1c",
                null,
                null,
                null,
                "https://github.com/acme/net/pull/2",
                "octocat"));
  }

  @Test
  void variables_of_an_unknown_system_are_not_used() {
    assertThat(CiVariables.of(Map.of("HEAD_COMMIT", "0ee3f1c", "USER_NAME", "me")).commit())
        .isNull();
  }
}
