package dev.runhook.domain.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunStateTest {
  private static final String EXPECTED =
      """
      QUEUED            READY PREPARING DISCARDED CANCELED SKIPPED
      READY             PREPARING DISCARDED CANCELED
      PREPARING         INITIALIZING PERFORMING(TASK)
      INITIALIZING      PLANNING PERFORMING(TASK) STOPPED
      PLANNING          FINISHED UNCONFIRMED APPLYING PENDING_REVIEW(PROPOSED) DESTROYING(DESTROY) STOPPED
      PENDING_REVIEW    FINISHED
      UNCONFIRMED       CONFIRMED DISCARDED REPLAN_REQUESTED
      REPLAN_REQUESTED  PREPARING_REPLAN
      PREPARING_REPLAN  PLANNING
      CONFIRMED         PREPARING_APPLY APPLYING
      PREPARING_APPLY   APPLYING
      APPLYING          FINISHED DESTROYING(TESTING)
      DESTROYING        FINISHED
      PERFORMING        FINISHED
      """;
  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final String TERMINAL = "FINISHED FAILED STOPPED CANCELED DISCARDED SKIPPED";

  @ParameterizedTest
  @EnumSource
  void the_expected_transitions_match_the_documented_ones(RunType type) {
    Set<String> expected = new TreeSet<>();
    for (RunState from : RunState.values()) {
      for (RunState to : RunState.values()) {
        if (from.expects(to, type)) {
          expected.add(from + "->" + to);
        }
      }
    }

    assertThat(expected).isEqualTo(documented(type));
  }

  @Test
  void the_terminal_states_match_the_documented_ones() {
    String terminal =
        Arrays.stream(RunState.values())
            .filter(RunState::isTerminal)
            .map(Enum::name)
            .collect(Collectors.joining(" "));

    assertThat(terminal).isEqualTo(TERMINAL);
  }

  @Test
  void every_state_is_in_the_table_or_terminal() {
    long documented = EXPECTED.lines().count() + WORD.matcher(TERMINAL).results().count();

    assertThat(documented).isEqualTo(RunState.values().length);
  }

  private static Set<String> documented(RunType type) {
    Set<String> transitions = new TreeSet<>();
    for (String line : EXPECTED.lines().toList()) {
      List<String> words = WORD.matcher(line).results().map(MatchResult::group).toList();
      transitions.add(words.getFirst() + "->FAILED");
      for (String word : words.subList(1, words.size())) {
        String only = "(" + type + ")";
        if (!word.contains("(") || word.endsWith(only)) {
          transitions.add(words.getFirst() + "->" + word.replace(only, ""));
        }
      }
    }
    return transitions;
  }
}
