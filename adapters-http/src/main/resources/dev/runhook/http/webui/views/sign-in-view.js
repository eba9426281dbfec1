import { html, nothing } from "lit";
import { View } from "../components/view.js";
import "../components/form.js";
import { texts } from "../text/messages-en-sign-in.js";
import { session } from "../api/session.js";

/** Asks for a token. The token is sent to the server once, in a request body, and is not stored. */
class SignInView extends View {
  values = { token: "" };

  async start() {
    await this.updateComplete;
    const form = this.querySelector("rh-form");
    await form.updateComplete;
    form.querySelector("input").focus();
  }

  async signIn() {
    await session.start({ token: this.values.token });
    this.values.token = "";
    window.dispatchEvent(new Event("signed-in"));
  }

  render() {
    return html`
      <div class="card signin">
        <img src=${new URL("../favicon.svg", import.meta.url).href} alt="" width="44" height="44">
        <h1>${texts.title}</h1>
        ${this.params.note ? html`<p class="notice info">${this.params.note}</p>` : nothing}
        <rh-form
          .values=${this.values}
          .content=${token}
          .send=${() => this.signIn()}
          submit=${texts.submit}
        ></rh-form>
      </div>
    `;
  }
}

const token = form =>
  form.text({ name: "token", type: "password", label: texts.token, hint: texts.hint, required: true });

customElements.define("rh-sign-in", SignInView);
