package dev.runhook.bootstrap.cli.client;

import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a CI job knows about its commit, from the variables of GitHub Actions, GitLab CI/CD or
/// Atlantis. Fields are null if they are not known.
///
/// @param url the page of the job, or of the pull request
/// @param triggeredBy the user's login
/// @see <a
///   href="https://docs.github.com/actions/reference/workflows-and-actions/variables">GitHub</a>
/// @see <a href="https://docs.gitlab.com/ci/variables/predefined_variables/">GitLab</a>
/// @see <a href="https://www.runatlantis.io/docs/custom-workflows.html">Atlantis</a>
public record CiVariables(
    @Nullable String branch,
    @Nullable String commit,
    @Nullable String message,
    @Nullable String author,
    @Nullable String commitUrl,
    @Nullable String url,
    @Nullable String triggeredBy) {
  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

  public static CiVariables of(Map<String, String> environment) {
    if (environment.containsKey("GITHUB_ACTIONS")) {
      String repository = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}";
      return new CiVariables(
          // in a pull request, GITHUB_REF_NAME is the merge of its branch
          first(environment, "{GITHUB_HEAD_REF}", "{GITHUB_REF_NAME}"),
          first(environment, "{GITHUB_SHA}"),
          null,
          null,
          first(environment, repository + "/commit/{GITHUB_SHA}"),
          first(environment, repository + "/actions/runs/{GITHUB_RUN_ID}"),
          first(environment, "{GITHUB_TRIGGERING_ACTOR}", "{GITHUB_ACTOR}"));
    }
    if (environment.containsKey("GITLAB_CI")) {
      String author = first(environment, "{CI_COMMIT_AUTHOR}");
      return new CiVariables(
          first(environment, "{CI_MERGE_REQUEST_SOURCE_BRANCH_NAME}", "{CI_COMMIT_REF_NAME}"),
          first(environment, "{CI_COMMIT_SHA}"),
          first(environment, "{CI_COMMIT_MESSAGE}"),
          author == null ? null : author.replaceFirst(" *<.*", ""),
          first(environment, "{CI_PROJECT_URL}/-/commit/{CI_COMMIT_SHA}"),
          first(environment, "{CI_JOB_URL}"),
          first(environment, "{GITLAB_USER_LOGIN}"));
    }
    if (environment.containsKey("ATLANTIS_TERRAFORM_VERSION")) {
      return new CiVariables(
          first(environment, "{HEAD_BRANCH_NAME}"),
          first(environment, "{HEAD_COMMIT}"),
          null,
          null,
          null,
          first(environment, "{PULL_URL}"),
          first(environment, "{USER_NAME}"));
    }
    return new CiVariables(null, null, null, null, null, null, null);
  }

  /// Returns the first text whose variables, such as `{CI_JOB_URL}`, are all set. Replaces them by
  /// their values.
  private static @Nullable String first(Map<String, String> environment, String... texts) {
    Function<MatchResult, String> value =
        variable -> environment.getOrDefault(variable.group(1), "");
    for (String text : texts) {
      if (VARIABLE.matcher(text).results().map(value).noneMatch(String::isBlank)) {
        return VARIABLE.matcher(text).replaceAll(value.andThen(Matcher::quoteReplacement));
      }
    }
    return null;
  }
}
