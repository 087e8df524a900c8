// <handsel-explain>: a drawer with the steps that made the page, as the server tells them.
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ExplainStep } from "./api";
import { theme } from "./theme";

@customElement("handsel-explain")
export class Explain extends LitElement {
  @property({ attribute: false }) steps: ExplainStep[] = [];
  @property({ type: Number }) took = 0;

  static styles = [
    theme,
    css`
      aside { position: fixed; z-index: 20; inset: 0 0 0 auto; width: min(560px, 100vw); overflow: auto; background: var(--card); border-left: 1px solid var(--line); padding: 1.3rem 1.5rem 3rem; box-shadow: -12px 0 40px rgb(40 20 10 / 18%); }
      header { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
      h2 { font: 500 1.3rem var(--serif); margin: 0; }
      section { border-top: 1px solid var(--line); padding: 0.9rem 0; margin-top: 0.9rem; }
      h3 { display: flex; justify-content: space-between; margin: 0 0 0.4rem; font-size: 1rem; text-transform: capitalize; }
      .bar { height: 4px; border-radius: 2px; background: var(--tint); margin-bottom: 0.6rem; }
      .bar div { height: 100%; border-radius: 2px; background: var(--accent); min-width: 2px; }
      pre { font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow: auto; max-height: 22rem; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    `,
  ];

  render() {
    const all = Math.max(this.steps.reduce((sum, step) => sum + step.ms, 0), 0.001);
    return html`
      <aside role="dialog" aria-label="How this page was made">
        <header><h2>How this page was made</h2><button class="button" @click=${this.close}>Close</button></header>
        <div class="quiet">${this.took.toFixed(2)} ms in all</div>
        ${this.steps.map((step) => html`
          <section>
            <h3><span>${step.stage}</span><span class="quiet">${step.ms.toFixed(2)} ms</span></h3>
            <div class="bar"><div style="width: ${(100 * step.ms) / all}%"></div></div>
            <pre>${JSON.stringify(step.detail, null, 2)}</pre>
          </section>`)}
      </aside>`;
  }

  private close() {
    this.dispatchEvent(new CustomEvent("handsel-close", { bubbles: true, composed: true }));
  }
}
