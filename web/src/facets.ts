// <handsel-facets>: what the results can be narrowed by, with counts. Fires `handsel-choose`
// with {field, value, on}.
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Facet } from "./api";
import { theme } from "./theme";

const kTitles: Record<string, string> = {
  taxonomy: "Category",
  price: "Price",
  "attr.color": "Colour",
  material: "Material",
  "attr.style": "Style",
};
const kShownAtFirst = 8;

// What a value is called on the page.
export function valueName(field: string, value: string): string {
  if (field === "taxonomy") return value.split(" > ").pop() ?? value;
  if (field !== "price") return value;
  const [low, high] = value.split("..").map(Number);
  if (low === 0) return `Under ${high}`;
  return high >= 1_000_000 ? `${low} and more` : `${low} to ${high}`;
}

@customElement("handsel-facets")
export class Facets extends LitElement {
  @property({ attribute: false }) facets: Facet[] = [];
  @property({ attribute: false }) chosen = new Map<string, Set<string>>();
  @state() private open = new Set<string>();

  static styles = [
    theme,
    css`
      fieldset { border: 0; border-top: 1px solid var(--line); margin: 0; padding: 0.9rem 0; min-width: 0; }
      fieldset:first-of-type { border-top: 0; padding-top: 0; }
      legend { font-family: var(--serif); font-size: 1.05rem; padding: 0; float: left; width: 100%; margin-bottom: 0.35rem; }
      label { display: flex; gap: 0.55rem; align-items: baseline; padding: 0.16rem 0; clear: both; cursor: pointer; }
      label:hover span { text-decoration: underline; }
      span { flex: 1; overflow-wrap: anywhere; }
      small { color: var(--soft); font-variant-numeric: tabular-nums; }
      input { accent-color: var(--accent); margin: 0; transform: translateY(2px); }
      button { border: 0; background: none; padding: 0.3rem 0; color: var(--accent); text-decoration: underline; }
    `,
  ];

  render() {
    return this.facets.map((facet) => this.facet(facet));
  }

  private facet(facet: Facet) {
    const chosen = this.chosen.get(facet.field) ?? new Set<string>();
    const values = this.values(facet, chosen);
    if (values.length < 2 && chosen.size === 0) return "";
    const all = this.open.has(facet.field);
    const shown = all ? values : values.filter((value, i) => i < kShownAtFirst || chosen.has(value.value));
    return html`
      <fieldset>
        <legend>${kTitles[facet.field] ?? facet.field}</legend>
        ${shown.map(({ value, count, depth }) => html`
          <label style="padding-left: ${depth * 1.1}rem">
            <input type="checkbox" .checked=${chosen.has(value)} data-field=${facet.field} data-value=${value}
              @change=${(event: Event) => this.choose(facet.field, value, (event.target as HTMLInputElement).checked)}>
            <span>${valueName(facet.field, value)}</span><small>${count.toLocaleString()}</small>
          </label>`)}
        ${values.length > shown.length ? html`<button @click=${() => this.more(facet.field)}>${values.length - shown.length} more</button>` : ""}
      </fieldset>`;
  }

  private values(facet: Facet, chosen: Set<string>): { value: string; count: number; depth: number }[] {
    const values = facet.values.filter(({ value, count }) => count > 0 || chosen.has(value));
    if (facet.field !== "taxonomy") return values.map((entry) => ({ ...entry, depth: 0 }));
    // The tree, each branch under its parent; deeper levels once their parent is chosen.
    const depth = (value: string) => value.split(" > ").length - 1;
    const parent = (value: string) => value.split(" > ").slice(0, -1).join(" > ");
    const under = (above: string): { value: string; count: number; depth: number }[] =>
      values
        .filter(({ value }) => parent(value) === above)
        .flatMap((entry) => {
          const opened = [...chosen].some((value) => value === entry.value || value.startsWith(entry.value + " > "));
          return [{ ...entry, depth: depth(entry.value) }, ...(opened ? under(entry.value) : [])];
        });
    return under("");
  }

  private more(field: string) {
    this.open = new Set(this.open).add(field);
  }

  private choose(field: string, value: string, on: boolean) {
    this.dispatchEvent(new CustomEvent("handsel-choose", { detail: { field, value, on }, bubbles: true, composed: true }));
  }
}
