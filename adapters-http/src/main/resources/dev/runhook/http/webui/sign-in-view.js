import { h } from "./dom.js";
import { View } from "./view.js";
import { session } from "./session.js";
import { field, form } from "./form.js";

/// Asks for a token. The token is sent to the server once, in a request body, and is not stored.
class SignInView extends View {
  show() {
    const token = h("input", {
      type: "password",
      name: "token",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
      "aria-required": "true",
    });
    const card = form({
      class: "card signin",
      submit: "Sign in",
      async send() {
        await session.start(token.value);
        token.value = "";
        window.dispatchEvent(new Event("signed-in"));
      },
      fields: [
        field({
          pointer: "/token",
          label: "Token",
          hint: [
            "Use an API token. To sign in for the first time, use the value of ",
            h("code", {}, "RUNHOOK_ADMIN_TOKEN"),
            " or the content of the file ",
            h("code", {}, "admin-token"),
            " in the data directory.",
          ],
          input: token,
        }),
      ],
    });
    card.prepend(
      h("img", { src: new URL("favicon.svg", import.meta.url).href, alt: "", width: 44, height: 44 }),
      h("h1", {}, "Sign in to Runhook"),
      this.params.note ? h("p", { class: "notice info" }, this.params.note) : "",
    );
    this.append(card);
    token.focus();
  }
}

customElements.define("rh-sign-in", SignInView);
