package dev.runhook.outbound.format;

import dev.runhook.domain.text.TextLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tag of a Mustache template. Tags are checked before the library reads them, because it takes a
/// tag that is not closed for text.
///
/// @param start the index of the first brace
/// @param end the index after the last brace
/// @param content what is between the braces, without spaces around it
record TemplateTag(String template, int start, int end, String content) {
  /// Limits the depth, and what is executed for an element of a list without a step of the budget.
  private static final int MAX_SECTIONS_AND_COMMENTS = 100;

  private static final int MAX_QUOTED = 40;

  /// The library splits a key, and looks up its components, each time it renders the tag.
  private static final int MAX_COMPONENTS = 10;

  private static final int MAX_NAME = 200;

  /// Returns the tags in their order.
  ///
  /// @throws TemplateException if a tag is not valid, or there are too many sections or comments
  static List<TemplateTag> parse(String template) throws TemplateException {
    List<TemplateTag> tags = new ArrayList<>();
    Deque<TemplateTag> open = new ArrayDeque<>();
    int sectionsAndComments = 0;
    for (int start = next(template, 0); start >= 0; start = next(template, tags.getLast().end)) {
      TemplateTag tag = read(template, start);
      tags.add(tag);
      switch (tag.kind()) {
        case '!' -> sectionsAndComments++; // may contain anything
        case '#', '^' -> {
          tag.requireName();
          open.push(tag);
          sectionsAndComments++;
        }
        case '/' -> {
          tag.requireName();
          tag.requireCloses(open.poll());
        }
        case '=', '>', '<', '$' -> throw tag.error("is of a kind that is not supported");
        default -> tag.requireName();
      }
      if (sectionsAndComments > MAX_SECTIONS_AND_COMMENTS) {
        throw new TemplateException(
            "the template has more than %d sections and comments"
                .formatted(MAX_SECTIONS_AND_COMMENTS));
      }
    }
    if (!open.isEmpty()) {
      throw open.pop().error("starts a section that is not closed");
    }
    return tags;
  }

  private static int next(String template, int from) {
    return template.indexOf("{{", from);
  }

  /// Reads a tag as the library does, for which another brace restarts the tag. Only a comment can
  /// contain braces.
  private static TemplateTag read(String template, int start) throws TemplateException {
    boolean isTriple = template.startsWith("{{{", start);
    int from = start + (isTriple ? 3 : 2);
    int end = from;
    if (template.startsWith("!", from) && !isTriple) {
      int found = template.indexOf("}}", from);
      end = found < 0 ? template.length() : found;
    } else {
      while (end < template.length()
          && template.charAt(end) != '{'
          && template.charAt(end) != '}') {
        end++;
      }
    }
    String closing = isTriple ? "}}}" : "}}";
    String content = template.substring(from, end).trim();
    if (!template.startsWith(closing, end)) {
      throw new TemplateTag(template, start, end, content).error("is not closed");
    }
    return new TemplateTag(template, start, end + closing.length(), content);
  }

  /// Returns `&` for a tag that writes a value.
  private char kind() {
    boolean hasKind = !content.isEmpty() && "!#^/=><$".indexOf(content.charAt(0)) >= 0;
    return hasKind && !template.startsWith("{{{", start) ? content.charAt(0) : '&';
  }

  private String name() {
    boolean hasKind = kind() != '&' || content.startsWith("&");
    return hasKind ? content.substring(1).trim() : content;
  }

  private void requireName() throws TemplateException {
    String name = name();
    if (("." + name + ".").contains("..") && !name.equals(".")) {
      throw error("names no value");
    }
    if (name.length() > MAX_NAME) {
      throw error("has a key of more than " + MAX_NAME + " characters");
    }
    if (name.chars().filter(c -> c == '.').count() >= MAX_COMPONENTS) {
      throw error("has a key with more than " + MAX_COMPONENTS + " components");
    }
    if (template.substring(start, end).lines().count() > 1) {
      throw error("contains a line break");
    }
  }

  private void requireCloses(@Nullable TemplateTag section) throws TemplateException {
    if (section == null) {
      throw error("closes no section");
    }
    if (!name().equals(section.name())) {
      throw error("does not close " + section.quoted());
    }
  }

  private TemplateException error(String problem) {
    return new TemplateException("the tag " + this + " " + problem);
  }

  private String quoted() {
    return TextLimits.shorten(
        template.substring(start, end).replaceAll("\\s+", " ").strip(), MAX_QUOTED);
  }

  /// Returns the tag and its line.
  @Override
  public String toString() {
    long line = template.chars().limit(start).filter(c -> c == '\n').count() + 1;
    return quoted() + " in line " + line;
  }
}
