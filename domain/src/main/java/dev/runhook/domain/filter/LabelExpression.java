package dev.runhook.domain.filter;

import dev.runhook.domain.text.Glob;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A condition on the labels of a stack, such as `env:production and not tier:sandbox`. It consists
/// of labels, `and`, `or`, `not` and parentheses; `not` binds closest, then `and`. A `*` in a label
/// stands for any characters. A label with spaces or parentheses, or one that is a keyword, is in
/// double quotes.
public final class LabelExpression {
  public static final int MAX_LENGTH = 1000;
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:([()])|\"([^\"]*)\"|([^\\s()\"]+))\\s*");

  private final String text;
  private final Predicate<Collection<String>> condition;

  private LabelExpression(String text, Predicate<Collection<String>> condition) {
    this.text = text;
    this.condition = condition;
  }

  /// Parses an expression.
  ///
  /// @throws IllegalArgumentException if it is not valid; the message is for users
  public static LabelExpression parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw invalid("has at most " + MAX_LENGTH + " characters");
    }
    return new LabelExpression(text.strip(), new Parser(tokens(text)).parse());
  }

  /// Returns whether a stack with these labels fulfills the condition.
  public boolean matches(Collection<String> labels) {
    return condition.test(labels);
  }

  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelExpression expression && expression.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static IllegalArgumentException invalid(String reason) {
    return new IllegalArgumentException(
        "a label expression " + reason + "; an example is: env:production and not tier:sandbox");
  }

  /// @param isLabel false for keywords and parentheses
  private record Token(String text, boolean isLabel) {}

  private static Deque<Token> tokens(String text) {
    Deque<Token> tokens = new ArrayDeque<>();
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.find(end) && matcher.start() == end) {
      String quoted = matcher.group(2);
      String word = matcher.group(3);
      if (quoted != null) {
        tokens.add(new Token(quoted, true));
      } else if (word == null) {
        tokens.add(new Token(matcher.group(1), false));
      } else {
        String keyword = word.toLowerCase(Locale.ROOT);
        boolean isKeyword = List.of("and", "or", "not").contains(keyword);
        tokens.add(isKeyword ? new Token(keyword, false) : new Token(word, true));
      }
      end = matcher.end();
    }
    if (end < text.length()) {
      throw invalid("has a quotation mark without its counterpart");
    }
    return tokens;
  }

  /// A recursive descent parser. The limit of the text also limits the depth.
  private static final class Parser {
    private static final Token END = new Token("the end", false);

    private final Deque<Token> tokens;

    Parser(Deque<Token> tokens) {
      this.tokens = tokens;
    }

    Predicate<Collection<String>> parse() {
      Predicate<Collection<String>> expression = or();
      if (!peek().equals(END)) {
        throw invalid("needs \"and\" or \"or\" before " + peek().text());
      }
      return expression;
    }

    private Predicate<Collection<String>> or() {
      Predicate<Collection<String>> left = and();
      while (skip("or")) {
        left = left.or(and());
      }
      return left;
    }

    private Predicate<Collection<String>> and() {
      Predicate<Collection<String>> left = not();
      while (skip("and")) {
        left = left.and(not());
      }
      return left;
    }

    private Predicate<Collection<String>> not() {
      return skip("not") ? not().negate() : primary();
    }

    private Predicate<Collection<String>> primary() {
      if (skip("(")) {
        Predicate<Collection<String>> inner = or();
        if (!skip(")")) {
          throw invalid("needs a closing parenthesis before " + peek().text());
        }
        return inner;
      }
      Token token = peek();
      if (!token.isLabel()) {
        throw invalid("needs a label before " + token.text());
      }
      tokens.remove();
      Glob glob = Glob.of(token.text());
      return labels -> labels.stream().anyMatch(glob::matches);
    }

    private boolean skip(String keyword) {
      boolean found = peek().equals(new Token(keyword, false));
      if (found) {
        tokens.remove();
      }
      return found;
    }

    private Token peek() {
      return tokens.isEmpty() ? END : tokens.getFirst();
    }
  }
}
