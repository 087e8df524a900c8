// <handsel-listing>: one listing, whole. Fires `handsel-act` with "favourite" or "cart".
import { LitElement, css, html, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Listing } from "./api";
import { stars } from "./results";
import { searchHash } from "./state";
import { money, theme } from "./theme";

function narrowed(q: string, field: string, value: string): string {
  return searchHash({ q, sort: "relevance", exact: false, chosen: field ? new Map([[field, new Set([value])]]) : new Map() });
}

@customElement("handsel-listing")
export class ListingPage extends LitElement {
  @property({ attribute: false }) listing!: Listing;
  @state() private done = new Set<string>();
  @state() private image = 0;

  static styles = [
    theme,
    css`
      article { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 2.8rem; align-items: start; }
      .picture { border-radius: 20px; overflow: hidden; background: var(--tint); aspect-ratio: 1; }
      img { width: 100%; height: 100%; object-fit: cover; display: block; }
      .thumbs { display: flex; gap: 0.6rem; margin-top: 0.7rem; }
      .thumbs button { width: 76px; aspect-ratio: 1; padding: 0; border: 2px solid transparent; border-radius: 12px; overflow: hidden; background: var(--tint); }
      .thumbs button[aria-pressed="true"] { border-color: var(--accent); }
      nav { font-size: 0.92rem; color: var(--soft); }
      nav a { text-decoration: none; }
      nav a:hover { text-decoration: underline; }
      h1 { font: 500 1.75rem/1.25 var(--serif); margin: 0.3rem 0 0.6rem; overflow-wrap: anywhere; }
      .price { font-size: 1.5rem; font-weight: 650; }
      .stock { color: var(--soft); font-size: 0.92rem; }
      .by { margin-top: 0.2rem; }
      .actions { display: flex; flex-wrap: wrap; gap: 0.7rem; margin: 1.3rem 0; }
      .actions button { padding: 0.7rem 1.5rem; }
      p.text { white-space: pre-line; overflow-wrap: anywhere; max-width: 62ch; }
      dl { display: grid; grid-template-columns: auto 1fr; gap: 0.35rem 1.4rem; margin: 1.2rem 0; border: solid var(--line); border-width: 1px 0; padding: 1rem 0; }
      dt { color: var(--soft); text-transform: capitalize; }
      dd { margin: 0; overflow-wrap: anywhere; }
      .tags { display: flex; flex-wrap: wrap; gap: 0.4rem; padding: 0; list-style: none; }
      .tags a { display: block; background: var(--tint); border-radius: 999px; padding: 0.25rem 0.8rem; font-size: 0.9rem; text-decoration: none; }
      .tags a:hover { text-decoration: underline; }
      @media (max-width: 760px) { article { grid-template-columns: minmax(0, 1fr); gap: 1.2rem; } h1 { font-size: 1.4rem; } .thumbs button { width: 60px; } }
    `,
  ];

  willUpdate(changed: PropertyValues<this>) {
    if (!changed.has("listing")) return;
    this.image = 0;
    this.done = new Set();
  }

  render() {
    const { listing } = this;
    return html`
      <article>
        ${this.pictures()}
        <div>
          ${this.path()}
          <h1>${listing.title}</h1>
          <div class="price">${money(listing.price, listing.currency)}</div>
          <div class="by">${listing.shop_name
            ? html`by <a href=${narrowed("", "shop", listing.shop_name)}>${listing.shop_name}</a>` : ""} ${stars(listing)}</div>
          ${this.stock()}
          <div class="actions">
            ${this.action("cart", "Add to basket", "In your basket", true)}
            ${this.action("favourite", "♡ Favourite", "♥ Favourite", false)}
          </div>
          <p class="text">${listing.description ?? ""}</p>
          ${this.facts()}
          <ul class="tags" aria-label="Tags">
            ${(listing.tags ?? []).map((tag) => html`<li><a href=${narrowed(tag, "", "")}>${tag}</a></li>`)}
          </ul>
        </div>
      </article>`;
  }

  private pictures() {
    const images = this.listing.images ?? [];
    const shown = images[this.image];
    const describe = (image: { alt_text?: string }) => image.alt_text || this.listing.title;
    return html`<div>
      <div class="picture">${shown ? html`<img src=${shown.url} alt=${describe(shown)}>` : ""}</div>
      ${images.length < 2 ? "" : html`<div class="thumbs">
        ${images.map((image, i) => html`<button aria-label="Picture ${i + 1} of ${images.length}" aria-pressed=${i === this.image}
          @click=${() => (this.image = i)}><img src=${image.url} alt=""></button>`)}
      </div>`}
    </div>`;
  }

  private path() {
    const names = this.listing.taxonomy_path ?? [];
    return html`<nav aria-label="Category">${names.map((name, i) => html`${i > 0 ? " › " : ""}<a
      href=${narrowed("", "taxonomy", names.slice(0, i + 1).join(" > "))}>${name}</a>`)}</nav>`;
  }

  private stock() {
    const { quantity, state, personalizable } = this.listing;
    const words = [];
    if (state === "sold_out" || quantity === 0) words.push("Sold out");
    else if (quantity === 1) words.push("Only one left");
    if (personalizable) words.push("Can be personalised");
    return words.length > 0 ? html`<div class="stock">${words.join(" · ")}</div>` : "";
  }

  private action(name: string, label: string, after: string, primary: boolean) {
    const done = this.done.has(name);
    return html`<button class="button ${primary ? "primary" : ""}" data-act=${name} aria-pressed=${done} ?disabled=${done}
      @click=${() => this.act(name)}>${done ? after : label}</button>`;
  }

  private facts() {
    const { listing } = this;
    const rows: [string, string][] = Object.entries(listing.attributes ?? {}).map(([name, value]) => [
      name.replace(/_/g, " "),
      Array.isArray(value) ? value.join(", ") : value,
    ]);
    if (listing.materials?.length) rows.push(["materials", listing.materials.join(", ")]);
    if (listing.ships_from) rows.push(["ships from", new Intl.DisplayNames(undefined, { type: "region" }).of(listing.ships_from) ?? listing.ships_from]);
    if (rows.length === 0) return "";
    return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
  }

  private act(name: string) {
    this.done = new Set(this.done).add(name);
    this.dispatchEvent(new CustomEvent("handsel-act", { detail: name, bubbles: true, composed: true }));
  }
}
