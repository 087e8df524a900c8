// <handsel-listing>: one listing, whole. Fires `handsel-act` with "favourite" or "cart".
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Listing } from "./api";
import { stars } from "./results";
import { money, theme } from "./theme";

@customElement("handsel-listing")
export class ListingPage extends LitElement {
  @property({ attribute: false }) listing!: Listing;
  @state() private done = new Set<string>();

  static styles = [
    theme,
    css`
      article { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 2.5rem; align-items: start; }
      .picture { border-radius: 20px; overflow: hidden; background: var(--tint); aspect-ratio: 1; }
      img { width: 100%; height: 100%; object-fit: cover; display: block; }
      h1 { font: 500 1.75rem/1.25 var(--serif); margin: 0.3rem 0 0.6rem; overflow-wrap: anywhere; }
      .price { font-size: 1.5rem; font-weight: 650; }
      .actions { display: flex; flex-wrap: wrap; gap: 0.7rem; margin: 1.3rem 0; }
      p.text { white-space: pre-line; overflow-wrap: anywhere; }
      dl { display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 1.2rem; margin: 1.2rem 0; }
      dt { color: var(--soft); text-transform: capitalize; }
      dd { margin: 0; overflow-wrap: anywhere; }
      .tags { display: flex; flex-wrap: wrap; gap: 0.4rem; padding: 0; list-style: none; }
      .tags a { display: block; background: var(--tint); border-radius: 999px; padding: 0.2rem 0.8rem; font-size: 0.9rem; text-decoration: none; }
      .tags a:hover { text-decoration: underline; }
      @media (max-width: 760px) { article { grid-template-columns: 1fr; gap: 1.2rem; } h1 { font-size: 1.4rem; } }
    `,
  ];

  render() {
    const { listing } = this;
    const image = listing.images?.[0];
    return html`
      <article>
        <div class="picture">${image ? html`<img src=${image.url} alt=${image.alt_text ?? listing.title}>` : ""}</div>
        <div>
          <div class="quiet">${(listing.taxonomy_path ?? []).join(" › ")}</div>
          <h1>${listing.title}</h1>
          <div class="price">${money(listing.price, listing.currency)}</div>
          <div>${listing.shop_name ?? ""} ${stars(listing)}</div>
          <div class="actions">
            ${this.action("cart", "Add to basket", "In your basket", true)}
            ${this.action("favourite", "♡ Favourite", "♥ Favourite", false)}
          </div>
          ${this.facts()}
          <p class="text">${listing.description ?? ""}</p>
          <ul class="tags" aria-label="Tags">
            ${(listing.tags ?? []).map((tag) => html`<li><a href="#/?q=${encodeURIComponent(tag)}">${tag}</a></li>`)}
          </ul>
        </div>
      </article>`;
  }

  private action(name: string, label: string, after: string, primary: boolean) {
    const done = this.done.has(name);
    return html`<button class="button ${primary ? "primary" : ""}" data-act=${name} ?disabled=${done} @click=${() => this.act(name)}>
      ${done ? after : label}</button>`;
  }

  private facts() {
    const { listing } = this;
    const rows: [string, string][] = Object.entries(listing.attributes ?? {}).map(([name, value]) => [
      name.replace(/_/g, " "),
      Array.isArray(value) ? value.join(", ") : value,
    ]);
    if (listing.materials?.length) rows.push(["materials", listing.materials.join(", ")]);
    if (listing.ships_from) rows.push(["ships from", listing.ships_from]);
    if (rows.length === 0) return "";
    return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
  }

  private act(name: string) {
    this.done = new Set(this.done).add(name);
    this.dispatchEvent(new CustomEvent("handsel-act", { detail: name, bubbles: true, composed: true }));
  }
}
