package dev.runhook.systemtests.webui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.RunhookProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/// The browser for somebody who has a keyboard alone. Wherever Tab leads, it must be seen to be
/// there: with an outline, inside the window and behind nothing.
final class Keyboard {
  private static final int MOST_STOPS = 60;
  private static final String SEEN =
      """
      (() => {
        const it = document.activeElement;
        if (it === document.body) return 'nothing has the focus';
        const { outlineStyle, outlineWidth } = getComputedStyle(it);
        if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 'no outline';
        const box = it.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 200) / 2);
        return top === it || it.contains(top) ? 'yes' : `behind ${top ? top.outerHTML : 'the edge'}`;
      })()
      """;

  private final Browser browser;

  Keyboard(Browser browser) {
    this.browser = browser;
  }

  /// Strikes keys where the focus is.
  void press(CharSequence... keys) {
    browser.pressKeys(keys);
  }

  /// Goes on by Tab to what is called so.
  void tabTo(String name) {
    go(name, false);
  }

  /// Goes back by Shift+Tab to what is called so.
  void shiftTabTo(String name) {
    go(name, true);
  }

  /// Goes to it and strikes Enter.
  void activate(String name) {
    tabTo(name);
    press(Keys.ENTER);
  }

  /// What those who do not see are told of where the focus is.
  String focusedName() {
    WebElement focused = browser.focused();
    return focused.getTagName().equals("body")
        ? ""
        : Optional.ofNullable(focused.getAccessibleName()).orElse("");
  }

  /// Waits until the page itself has led here.
  void awaitFocus(String name) {
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .ignoreExceptions()
        .until(() -> focusedName().equals(name));
    assertFocusVisible();
  }

  /// So many steps on, and where each led.
  List<String> tabThrough(int steps) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      step(false);
      names.add(focusedName());
    }
    return names;
  }

  void assertFocusVisible() {
    assertThat(browser.evaluate(SEEN))
        .as("whether one sees that one is at \"%s\"", focusedName())
        .isEqualTo("yes");
  }

  private void go(String name, boolean back) {
    List<String> passed = new ArrayList<>();
    for (int i = 0; i < MOST_STOPS; i++) {
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
