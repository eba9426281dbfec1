package dev.runhook.bootstrap.cli.client;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What a CI job knows about its commit, from the variables of GitHub Actions, GitLab CI/CD or
/// Atlantis. Fields are empty if they are not known.
///
/// @param url the page of the job, or of the pull request
/// @param triggeredBy the user's login
/// @see <a
///   href="https://docs.github.com/actions/reference/workflows-and-actions/variables">GitHub</a>
/// @see <a href="https://docs.gitlab.com/ci/variables/predefined_variables/">GitLab</a>
/// @see <a href="https://www.runatlantis.io/docs/custom-workflows.html">Atlantis</a>
public record CiVariables(
    Optional<String> branch,
    Optional<String> commit,
    Optional<String> message,
    Optional<String> author,
    Optional<String> commitUrl,
    Optional<String> url,
    Optional<String> triggeredBy) {
  public static CiVariables of(Map<String, String> environment) {
    Function<String, Optional<String>> variable =
        name -> Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    if (environment.containsKey("GITHUB_ACTIONS")) {
      return ofGitHub(variable);
    }
    if (environment.containsKey("GITLAB_CI")) {
      return ofGitLab(variable);
    }
    if (environment.containsKey("ATLANTIS_TERRAFORM_VERSION")) {
      return ofAtlantis(variable);
    }
    return new CiVariables(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static CiVariables ofGitHub(Function<String, Optional<String>> variable) {
    Optional<String> repository =
        variable
            .apply("GITHUB_SERVER_URL")
            .flatMap(
                server -> variable.apply("GITHUB_REPOSITORY").map(name -> server + "/" + name));
    Optional<String> commit = variable.apply("GITHUB_SHA");
    return new CiVariables(
        // in a pull request, GITHUB_REF_NAME is the merge of its branch
        variable.apply("GITHUB_HEAD_REF").or(() -> variable.apply("GITHUB_REF_NAME")),
        commit,
        Optional.empty(),
        Optional.empty(),
        repository.flatMap(page -> commit.map(hash -> page + "/commit/" + hash)),
        repository.flatMap(
            page -> variable.apply("GITHUB_RUN_ID").map(run -> page + "/actions/runs/" + run)),
        variable.apply("GITHUB_TRIGGERING_ACTOR").or(() -> variable.apply("GITHUB_ACTOR")));
  }

  private static CiVariables ofGitLab(Function<String, Optional<String>> variable) {
    Optional<String> commit = variable.apply("CI_COMMIT_SHA");
    return new CiVariables(
        variable
            .apply("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")
            .or(() -> variable.apply("CI_COMMIT_REF_NAME")),
        commit,
        variable.apply("CI_COMMIT_MESSAGE"),
        variable.apply("CI_COMMIT_AUTHOR").map(author -> author.replaceFirst(" *<.*", "")),
        variable
            .apply("CI_PROJECT_URL")
            .flatMap(page -> commit.map(hash -> page + "/-/commit/" + hash)),
        variable.apply("CI_JOB_URL"),
        variable.apply("GITLAB_USER_LOGIN"));
  }

  private static CiVariables ofAtlantis(Function<String, Optional<String>> variable) {
    return new CiVariables(
        variable.apply("HEAD_BRANCH_NAME"),
        variable.apply("HEAD_COMMIT"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        variable.apply("PULL_URL"),
        variable.apply("USER_NAME"));
  }
}
