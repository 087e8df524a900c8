// <handsel-explain>: a drawer with the steps that made the page, as the server tells them.
// Fires `handsel-close`.
import { LitElement, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { ExplainStep } from "./api";
import { theme } from "./theme";

@customElement("handsel-explain")
export class Explain extends LitElement {
  @property({ attribute: false }) steps: ExplainStep[] = [];
  @property({ type: Number }) took = 0;
  @query("dialog") private dialog!: HTMLDialogElement;

  static styles = [
    theme,
    css`
      dialog { width: min(580px, 100vw); max-width: none; height: 100dvh; max-height: none; margin: 0 0 0 auto; padding: 0; border: 0; border-left: 1px solid var(--line); background: var(--card); color: var(--ink); overflow: auto; overscroll-behavior: contain; box-shadow: -12px 0 40px rgb(40 20 10 / 18%); }
      dialog::backdrop { background: rgb(30 18 10 / 35%); }
      header { position: sticky; top: 0; display: flex; justify-content: space-between; align-items: center; gap: 1rem; background: var(--card); padding: 1.2rem 1.5rem 0.8rem; border-bottom: 1px solid var(--line); }
      .steps { padding: 0.6rem 1.5rem 3rem; }
      h2 { font: 500 1.3rem var(--serif); margin: 0; }
      details { border-bottom: 1px solid var(--line); padding: 0.9rem 0; }
      summary { display: flex; justify-content: space-between; gap: 1rem; font-weight: 600; cursor: pointer; list-style: none; text-transform: capitalize; }
      summary::-webkit-details-marker { display: none; }
      summary .quiet { text-transform: none; font-weight: 400; font-variant-numeric: tabular-nums; }
      summary::before { content: "▸"; color: var(--soft); margin-right: -0.4rem; }
      details[open] summary::before { content: "▾"; }
      summary span:first-of-type { flex: 1; }
      .bar { height: 4px; border-radius: 2px; background: var(--tint); margin: 0.5rem 0 0; }
      .bar div { height: 100%; border-radius: 2px; background: var(--accent); min-width: 2px; }
      pre { font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow: auto; max-height: 24rem; margin: 0.7rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    `,
  ];

  firstUpdated() {
    this.dialog.showModal();
  }

  render() {
    const all = Math.max(this.steps.reduce((sum, step) => sum + step.ms, 0), 0.001);
    return html`
      <dialog aria-label="How this page was made" @close=${this.closed} @click=${this.outside}>
        <header>
          <div><h2>How this page was made</h2><div class="quiet">${this.took.toFixed(2)} ms in all</div></div>
          <button class="button" @click=${() => this.dialog.close()}>Close</button>
        </header>
        <div class="steps">
          ${this.steps.map((step) => html`
            <details open>
              <summary><span>${step.stage}</span><span class="quiet">${step.ms.toFixed(2)} ms</span></summary>
              <div class="bar"><div style="width: ${(100 * step.ms) / all}%"></div></div>
              <pre>${JSON.stringify(step.detail, null, 2)}</pre>
            </details>`)}
        </div>
      </dialog>`;
  }

  // A click on the dialog itself is one beside its contents.
  private outside(event: MouseEvent) {
    if (event.target === this.dialog && event.clientX < this.dialog.getBoundingClientRect().left) this.dialog.close();
  }

  private closed() {
    this.dispatchEvent(new CustomEvent("handsel-close", { bubbles: true, composed: true }));
  }
}
