package dev.runhook.domain.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A pattern in which stars stand for any number of characters, including none, and every other
/// character for itself. Case matters, and the whole text must match.
///
/// Matching simulates a nondeterministic automaton whose states are bits of words, as Shift-And
/// does. A character of the text takes one step for 64 characters of the pattern.
public final class Glob {
  /// The first state of each pattern. After `n` states, its first `n` characters that are no stars
  /// are matched.
  private final long[] starts;

  /// The last state of each pattern, in which all of it is matched.
  private final long[] ends;

  /// The states in which each character is the next one.
  private final Map<Character, long[]> expecting;

  /// The states in which a star allows any other character.
  private final long[] anything;

  /// The states in which a star allows any other character except `/`.
  private final long[] withinSegment;

  private Glob(List<String> patterns, boolean isPath) {
    int states = patterns.stream().mapToInt(pattern -> pattern.length() + 1).sum();
    int words = (states - 1) / Long.SIZE + 1;
    starts = new long[words];
    ends = new long[words];
    expecting = new HashMap<>();
    anything = new long[words];
    withinSegment = new long[words];
    int state = 0;
    for (String pattern : patterns) {
      set(starts, state);
      state = add(pattern, isPath, state);
      set(ends, state);
      state++;
    }
  }

  /// Returns the last state of the pattern.
  private int add(String pattern, boolean isPath, int first) {
    int state = first;
    for (int i = 0; i < pattern.length(); i++) {
      char character = pattern.charAt(i);
      if (character != '*') {
        set(expecting.computeIfAbsent(character, ignored -> new long[anything.length]), state);
        state++;
      } else if (isPath && !pattern.startsWith("**", i)) {
        set(withinSegment, state);
      } else {
        set(anything, state);
        i += isPath ? 1 : 0;
      }
    }
    return state;
  }

  private static void set(long[] states, int state) {
    states[state / Long.SIZE] |= 1L << (state % Long.SIZE);
  }

  /// Returns a pattern in which `*` stands for any characters.
  public static Glob of(String pattern) {
    return new Glob(List.of(pattern), false);
  }

  /// Returns what matches a text if one of the patterns does, as [#of] returns them. It takes as
  /// many steps as one pattern that is as long as all of them.
  public static Glob anyOf(List<String> patterns) {
    return new Glob(patterns, false);
  }

  /// Returns a pattern in which `*` stands for any characters except `/`, and `**` for any
  /// characters.
  public static Glob ofPaths(String pattern) {
    return new Glob(List.of(pattern), true);
  }

  /// Returns how many steps each character of a text takes.
  int stepsPerCharacter() {
    return anything.length;
  }

  /// Reads each character of the text once, up to the one that no pattern can match.
  public boolean matches(CharSequence text) {
    long[] none = new long[anything.length];
    long[] states = starts.clone();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      long[] advancing = expecting.getOrDefault(character, none);
      long[] staying = character == '/' ? none : withinSegment;
      long carry = 0;
      long alive = 0;
      for (int w = 0; w < states.length; w++) {
        long next = states[w] & advancing[w];
        states[w] = (next << 1) | carry | (states[w] & (anything[w] | staying[w]));
        carry = next >>> (Long.SIZE - 1);
        alive |= states[w];
      }
      if (alive == 0) {
        return false;
      }
    }
    for (int w = 0; w < states.length; w++) {
      if ((states[w] & ends[w]) != 0) {
        return true;
      }
    }
    return false;
  }
}
