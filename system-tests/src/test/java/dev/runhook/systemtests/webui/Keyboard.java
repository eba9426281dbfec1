package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.RunhookProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// Operates the browser only by keyboard. Each element that Tab reaches must show its focus: it has
/// an outline, is inside the window and is not covered. A heading, which the page itself focuses
/// after a navigation, has no outline.
final class Keyboard {
  private static final int MAX_STEPS = 80;
  private static final String FOCUS_VISIBLE =
      """
      (() => {
        const it = document.activeElement;
        if (it === document.body) return 'no element has the focus';
        if (it.tagName === 'H1') return 'yes';
        const { outlineStyle, outlineWidth } = getComputedStyle(it);
        if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 'no outline';
        const box = [...it.getClientRects()].find(line => line.width > 0); // a link can have several lines
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 200) / 2);
        return top === it || it.contains(top) ? 'yes' : `behind ${top ? top.outerHTML : 'the edge'}`;
      })()
      """;

  private final Browser browser;

  Keyboard(Browser browser) {
    this.browser = browser;
  }

  /// Presses keys on the focused element.
  void press(CharSequence... keys) {
    browser.pressKeys(keys);
  }

  /// Moves the focus forward by Tab to the element with the given name.
  void tabTo(String name) {
    go(name, false);
  }

  /// Moves the focus backward by Shift+Tab to the element with the given name.
  void shiftTabTo(String name) {
    go(name, true);
  }

  /// Moves the focus to the element and presses Enter.
  void activate(String name) {
    tabTo(name);
    press(Keys.ENTER);
  }

  /// The accessible name of the focused element.
  String focusedName() {
    WebElement focused = browser.focused();
    return focused.getTagName().equals("body")
        ? ""
        : Optional.ofNullable(focused.getAccessibleName()).orElse("");
  }

  /// Waits until the page has moved the focus to the element with the given name.
  void awaitFocus(String name) {
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .ignoreExceptions()
        .until(() -> focusedName().equals(name));
    assertFocusVisible();
  }

  /// Presses Tab the given number of times and returns the name after each step.
  List<String> tabThrough(int steps) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      step(false);
      names.add(focusedName());
    }
    return names;
  }

  void assertFocusVisible() {
    assertThat(browser.evaluate(FOCUS_VISIBLE))
        .as("focus of \"%s\" is visible", focusedName())
        .isEqualTo("yes");
  }

  private void go(String name, boolean back) {
    List<String> passed = new ArrayList<>();
    for (int i = 0; i < MAX_STEPS; i++) {
      step(back);
      String here = focusedName();
      if (here.equals(name)) {
        return;
      }
      passed.add(here);
    }
    throw new AssertionError("Tab does not lead to \"" + name + "\" but to " + passed);
  }

  private void step(boolean back) {
    if (back) {
      browser.pressShift(Keys.TAB);
    } else {
      press(Keys.TAB);
    }
    assertFocusVisible();
  }
}
