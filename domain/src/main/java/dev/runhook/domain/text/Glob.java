package dev.runhook.domain.text;

import java.util.HashMap;
import java.util.Map;

/// A pattern in which stars stand for any number of characters, including none, and every other
/// character for itself. Case matters, and the whole text must match.
///
/// Matching simulates a nondeterministic automaton whose states are bits of words, as Shift-And
/// does. A character of the text takes one step for 64 characters of the pattern.
public final class Glob {
  /// The number of characters of the pattern that are no stars. In state `n`, the first `n` of them
  /// are matched.
  private final int length;

  /// The states in which each character is the next one.
  private final Map<Character, long[]> expecting;

  /// The states in which a star allows any other character.
  private final long[] anything;

  /// The states in which a star allows any other character except `/`.
  private final long[] withinSegment;

  private Glob(String pattern, boolean isPath) {
    int words = pattern.length() / Long.SIZE + 1;
    expecting = new HashMap<>();
    anything = new long[words];
    withinSegment = new long[words];
    int state = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char character = pattern.charAt(i);
      if (character != '*') {
        set(expecting.computeIfAbsent(character, ignored -> new long[words]), state);
        state++;
      } else if (isPath && !pattern.startsWith("**", i)) {
        set(withinSegment, state);
      } else {
        set(anything, state);
        i += isPath ? 1 : 0;
      }
    }
    length = state;
  }

  private static void set(long[] states, int state) {
    states[state / Long.SIZE] |= 1L << (state % Long.SIZE);
  }

  /// Returns a pattern in which `*` stands for any characters.
  public static Glob of(String pattern) {
    return new Glob(pattern, false);
  }

  /// Returns a pattern in which `*` stands for any characters except `/`, and `**` for any
  /// characters.
  public static Glob ofPaths(String pattern) {
    return new Glob(pattern, true);
  }

  /// Returns how many steps each character of a text takes.
  int stepsPerCharacter() {
    return anything.length;
  }

  /// Reads each character of the text once.
  public boolean matches(CharSequence text) {
    long[] none = new long[anything.length];
    long[] states = new long[anything.length];
    states[0] = 1;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      long[] advancing = expecting.getOrDefault(character, none);
      long[] staying = character == '/' ? none : withinSegment;
      long carry = 0;
      for (int w = 0; w < states.length; w++) {
        long next = states[w] & advancing[w];
        states[w] = (next << 1) | carry | (states[w] & (anything[w] | staying[w]));
        carry = next >>> (Long.SIZE - 1);
      }
    }
    return (states[length / Long.SIZE] >>> (length % Long.SIZE) & 1) != 0;
  }
}
