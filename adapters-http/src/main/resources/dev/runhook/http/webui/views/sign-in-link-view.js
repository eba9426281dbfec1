import { html, nothing } from "lit";
import { api } from "../api/api.js";
import { session } from "../api/session.js";
import { View, attempt, facts, skeleton } from "../components/view.js";
import { t } from "../text/messages.js";
import { link, texts } from "../text/messages-en-sign-in.js";
import { sentence } from "../text/text.js";

/**
 * Shows whom a sign-in link signs in. Only the button uses the link up, so a program that opens it, to show a preview
 * of the page, does not. The code is in the fragment of the URL, which browsers do not send.
 */
class SignInLinkView extends View {
  start() {
    return this.try(async () => {
      /** @type {Api["SignInPreview"]} */
      const access = await api.post("/session/preview", { code: this.params.code });
      this.set({ access });
    });
  }

  async signIn() {
    if (this.isBusy) return;
    this.set({ isBusy: true });
    await this.try(async () => {
      await session.start({ code: this.params.code });
      history.replaceState(history.state, "", "#/");
      window.dispatchEvent(new Event("signed-in"));
    });
    this.set({ isBusy: false });
  }

  /** Runs an action and shows its problem. A link that is not valid now never will be. */
  try(action) {
    this.set({ problem: null });
    return attempt(action, problem => this.set({ problem, access: problem.status === 401 ? null : this.access }));
  }

  render() {
    const { access, problem } = this;
    return html`
      <div class="card signin">
        <img src=${new URL("../favicon.svg", import.meta.url).href} alt="" width="44" height="44">
        <h1 tabindex="-1">${texts.title}</h1>
        ${problem ? html`<p class="notice bad" role="alert">${sentence(problem.message)}</p>` : nothing}
        ${access ? this.confirmation(access) : problem ? nothing : skeleton(3)}
        ${problem ? html`<p class="more"><a href="#/">${link.withToken}</a></p>` : nothing}
      </div>
    `;
  }

  /** @param {Api["SignInPreview"]} access */
  confirmation({ account, name, role, stacks }) {
    return html`
      ${session.me?.name ? html`<p class="notice info">${link.replaces(session.me.name)}</p>` : nothing}
      <p>${link.lead}</p>
      <div class="more">
        ${facts([
          [link.account, account],
          [t.page.token, html`<bdi>${name}</bdi>`],
          [t.tokens.role, t.tokens.roles[role]],
          [t.nav.stacks, stacks ? stacks.join(", ") : t.tokens.allStacks],
        ])}
      </div>
      <div class="actions more">
        <button
          type="button"
          class="primary"
          aria-disabled=${String(Boolean(this.isBusy))}
          @click=${() => this.signIn()}
        >${link.submit(name)}</button>
      </div>
    `;
  }
}

customElements.define("rh-sign-in-link", SignInLinkView);
