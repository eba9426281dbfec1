import { html, nothing } from "lit";
import { accountLayout } from "./account-layout.js";
import { api, e, query } from "../../api/api.js";
import { ask } from "../../components/dialog.js";
import "../../components/form.js";
import { texts } from "../../text/messages-en-account.js";
import { session } from "../../api/session.js";
import { View, attempt } from "../../components/view.js";

/** Account → Payloads: erases payloads before retention does. */
class PayloadsView extends View {
  run = { stack: "", run: "" };

  start() {
    // counting is expensive, so the user starts it
  }

  async count() {
    this.set({ found: await api.delete(`/payloads${query({ dryRun: true })}`) });
  }

  render() {
    const { found, result } = this;
    return accountLayout("payloads", html`
      ${result ? html`<p class="notice info" role="status">${texts.payloads.result(result)}</p>` : nothing}
      <div class="card">
        <h2>${texts.payloads.all}</h2>
        ${found ? html`<p role="status">${texts.payloads.count(found)}</p>` : nothing}
        <div class="actions">
          ${found?.erased > 0
            ? html`
                <button type="button" class="danger" @click=${() => this.askToEraseAll()}>
                  ${texts.payloads.eraseAll}
                </button>
              `
            : html`
                <button type="button" @click=${() => attempt(() => this.count())}>${texts.payloads.countAll}</button>
              `}
        </div>
      </div>
      <div class="card">
        <h2>${texts.payloads.ofRun}</h2>
        <rh-form
          class="narrowform"
          .values=${this.run}
          .content=${form => html`
            ${form.text({ name: "stack", label: texts.payloads.stack, required: true })}
            ${form.text({ name: "run", label: texts.payloads.run, required: true })}
          `}
          .send=${() => this.askToEraseRun()}
          submit=${texts.payloads.erase}
          danger
        ></rh-form>
      </div>
    `);
  }

  askToEraseAll() {
    const { account } = session.me;
    return ask({
      title: texts.payloads.eraseAllTitle,
      text: html`<p>${texts.payloads.count(this.found)}</p><p>${texts.payloads.warning}</p>`,
      values: { confirm: "" },
      content: form => form.text({ name: "confirm", label: texts.payloads.confirm(account), required: true }),
      submit: texts.payloads.eraseAll,
      danger: true,
      send: ({ confirm }) => this.erase(`/payloads${query({ confirm })}`),
    });
  }

  askToEraseRun() {
    const { stack, run } = this.run;
    return ask({
      title: texts.payloads.eraseRunTitle(run),
      text: html`<p>${texts.payloads.warning}</p>`,
      submit: texts.payloads.erase,
      danger: true,
      send: () => this.erase(`/stacks/${e(stack)}/runs/${e(run)}/payloads`),
    });
  }

  async erase(path) {
    this.set({ result: await api.delete(path), found: null });
  }
}

customElements.define("rh-payloads", PayloadsView);
