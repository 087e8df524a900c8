// <handsel-chips>: the filters in force, each of which can be taken away. Fires
// `handsel-choose` with {field, value, on: false} and `handsel-clear`.
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { valueName } from "./facets";
import { theme } from "./theme";

@customElement("handsel-chips")
export class Chips extends LitElement {
  @property({ attribute: false }) chosen = new Map<string, Set<string>>();

  static styles = [
    theme,
    css`
      ul { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; margin: 0 0 1rem; padding: 0; }
      button { display: inline-flex; gap: 0.5rem; align-items: center; border: 0; border-radius: 999px; background: var(--tint); padding: 0.35rem 0.9rem; font-size: 0.92rem; }
      button:hover { box-shadow: inset 0 0 0 1px var(--accent); }
      .clear { background: none; text-decoration: underline; color: var(--accent); padding: 0.35rem 0.4rem; }
    `,
  ];

  render() {
    const all = [...this.chosen].flatMap(([field, values]) => [...values].map((value) => ({ field, value })));
    if (all.length === 0) return "";
    return html`<ul aria-label="Filters in force">
      ${all.map(({ field, value }) => html`<li>
        <button aria-label="Remove the filter ${valueName(field, value)}" @click=${() => this.fire("handsel-choose", { field, value, on: false })}>
          ${valueName(field, value)} <span aria-hidden="true">✕</span></button></li>`)}
      <li><button class="clear" @click=${() => this.fire("handsel-clear", undefined)}>Clear all</button></li>
    </ul>`;
  }

  private fire(name: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
