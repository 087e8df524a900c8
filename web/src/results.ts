// <handsel-results>: listings as cards. Fires `handsel-open` and `handsel-why`, both with
// {hit, position}.
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Hit, Listing } from "./api";
import { listingHash } from "./state";
import { money, theme } from "./theme";

export function stars(listing: Listing) {
  if (listing.rating === undefined || !listing.rating_count) return "";
  const label = `${listing.rating.toFixed(1)} of 5 stars, ${listing.rating_count} ratings`;
  return html`<span class="stars" role="img" aria-label=${label}>★ ${listing.rating.toFixed(1)}
    <span class="quiet">(${listing.rating_count.toLocaleString()})</span></span>`;
}

@customElement("handsel-results")
export class Results extends LitElement {
  @property({ attribute: false }) hits: Hit[] = [];

  static styles = [
    theme,
    css`
      ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.4rem 1.1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 205px), 1fr)); }
      li { display: flex; flex-direction: column; align-items: flex-start; }
      a { display: block; text-decoration: none; width: 100%; flex: 1; border-radius: 14px; }
      .why { border: 0; background: none; color: var(--soft); font-size: 0.85rem; padding: 0.25rem 0; text-decoration: underline dotted; text-underline-offset: 3px; }
      .why:hover { color: var(--accent); text-decoration-style: solid; }
      .picture { aspect-ratio: 1; border-radius: 14px; overflow: hidden; background: var(--tint); }
      img { width: 100%; height: 100%; object-fit: cover; display: block; transition: transform 0.25s; }
      a:hover img { transform: scale(1.03); }
      h3 { font-size: 0.97rem; font-weight: 500; line-height: 1.35; margin: 0.6rem 0 0.15rem; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
      a:hover h3 { text-decoration: underline; text-underline-offset: 2px; }
      .price { font-weight: 650; font-size: 1.08rem; }
      .line { display: flex; gap: 0.6rem; justify-content: space-between; font-size: 0.88rem; }
      .shop { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .stars { white-space: nowrap; }
      @media (max-width: 480px) { ol { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.1rem 0.8rem; } .line { flex-wrap: wrap; gap: 0 0.6rem; } }
      @media (prefers-reduced-motion: reduce) { img { transition: none; } }
    `,
  ];

  render() {
    return html`<ol>${this.hits.map((hit, position) => this.card(hit, position))}</ol>`;
  }

  private card(hit: Hit, position: number) {
    const listing = hit.listing;
    const image = listing.images?.[0];
    return html`<li>
      <a href=${listingHash(listing.id)} data-id=${listing.id} @click=${() => this.fire("handsel-open", hit, position)}>
        <div class="picture">${image ? html`<img src=${image.url} alt=${image.alt_text ?? ""} loading="lazy" decoding="async">` : ""}</div>
        <h3>${listing.title}</h3>
        <div class="price">${money(listing.price, listing.currency)}</div>
        <div class="line quiet"><span class="shop">${listing.shop_name ?? ""}</span>${stars(listing)}</div>
      </a>
      <button class="why" aria-haspopup="dialog" aria-label="Why this? ${listing.title}" @click=${() => this.fire("handsel-why", hit, position)}>Why this?</button>
    </li>`;
  }

  private fire(name: string, hit: Hit, position: number) {
    this.dispatchEvent(new CustomEvent(name, { detail: { hit, position }, bubbles: true, composed: true }));
  }
}
