import { html, nothing } from "lit";
import { View } from "./view.js";
import { session } from "./session.js";
import { field, form } from "./form.js";
import { h } from "./dom.js";

/// Asks for a token. The token is sent to the server once, in a request body, and is not stored.
class SignInView extends View {
  start() {
    const token = h("input", {
      type: "password",
      name: "token",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
      "aria-required": "true",
    });
    this.form = form({
      class: "bare",
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
    this.updateComplete.then(() => token.focus());
  }

  render() {
    return html`
      <div class="card signin">
        <img src=${new URL("favicon.svg", import.meta.url).href} alt="" width="44" height="44">
        <h1>Sign in to Runhook</h1>
        ${this.params.note ? html`<p class="notice info">${this.params.note}</p>` : nothing}
        ${this.form}
      </div>
    `;
  }
}

customElements.define("rh-sign-in", SignInView);
