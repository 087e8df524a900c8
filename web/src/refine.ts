// <handsel-refine>: a few values that would narrow the results down well. Fires `handsel-choose`
// with {field, value, on: true}.
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Chip } from "./api";
import { valueName } from "./facets";
import { theme } from "./theme";

@customElement("handsel-refine")
export class Refine extends LitElement {
  @property({ attribute: false }) chips: Chip[] = [];
  @property({ attribute: false }) chosen = new Map<string, Set<string>>();

  static styles = [
    theme,
    css`
      ul { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; margin: 0 0 1rem; padding: 0; }
      button { display: inline-flex; gap: 0.45rem; align-items: baseline; border: 1px solid var(--line); border-radius: 999px; background: var(--card); padding: 0.32rem 0.9rem; font-size: 0.92rem; white-space: nowrap; }
      button:hover { border-color: var(--accent); }
      small { color: var(--soft); font-variant-numeric: tabular-nums; }
      @media (max-width: 820px) { ul { flex-wrap: nowrap; overflow-x: auto; margin: 0 -1rem; padding: 0 1rem 0.3rem; scrollbar-width: none; } }
    `,
  ];

  render() {
    const fresh = this.chips.filter(({ field, value }) => !this.chosen.get(field)?.has(value));
    if (fresh.length === 0) return "";
    return html`<ul aria-label="Narrow down">
      ${fresh.map(({ field, value, count }) => html`<li><button data-field=${field} aria-label="Only ${valueName(field, value)}, ${count.toLocaleString()} listings"
        @click=${() => this.choose(field, value)}>${valueName(field, value)} <small>${count.toLocaleString()}</small></button></li>`)}
    </ul>`;
  }

  private choose(field: string, value: string) {
    this.dispatchEvent(new CustomEvent("handsel-choose", { detail: { field, value, on: true }, bubbles: true, composed: true }));
  }
}
