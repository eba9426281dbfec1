package dev.runhook.domain.text;

/// A pattern in which `*` stands for any characters, also for none. Everything else stands for
/// itself. Matching takes time proportional to the product of the lengths, at most.
public record Glob(String pattern) {
  public boolean matches(String text) {
    int at = 0;
    int next = 0;
    int star = -1;
    int resumeAt = 0;
    while (at < text.length()) {
      if (next < pattern.length() && pattern.charAt(next) == '*') {
        star = next++;
        resumeAt = at;
      } else if (next < pattern.length() && pattern.charAt(next) == text.charAt(at)) {
        next++;
        at++;
      } else if (star >= 0) {
        // let the last star stand for one more character
        next = star + 1;
        at = ++resumeAt;
      } else {
        return false;
      }
    }
    return pattern.substring(next).chars().allMatch(c -> c == '*');
  }
}
