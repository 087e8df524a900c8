// <handsel-shop endpoint="" key="">: a whole shop page made of the other components. It keeps the
// state in the address, asks the server, and tells it what was shown and done.
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Api, type Hit, type Listing, type SearchAnswer } from "./api";
import { EventSender } from "./events";
import { kFacets } from "./facets";
import "./explain";
import "./listing-page";
import "./results";
import "./search-box";
import { filterOf, readRoute, searchHash, type Route, type SearchState } from "./state";
import { theme } from "./theme";

const kPage = 24;
const kSorts: [string, string][] = [
  ["relevance", "Best match"],
  ["price:asc", "Lowest price"],
  ["price:desc", "Highest price"],
  ["created:desc", "Newest"],
  ["favourites:desc", "Most loved"],
];

// Where the visitor came from to a listing: goes with what they do there.
interface Origin {
  query_id?: string;
  position?: number;
}

@customElement("handsel-shop")
export class Shop extends LitElement {
  @property() endpoint = "";
  @property() key = "";
  @state() private route: Route = readRoute(location.hash);
  @state() private answer?: SearchAnswer;
  @state() private hits: Hit[] = [];
  @state() private listing?: Listing;
  @state() private loading = false;
  @state() private error = "";
  @state() private explaining = false;
  @state() private filtersOpen = false;
  private api!: Api;
  private events!: EventSender;
  private asked?: AbortController;
  private answered = "";  // the address that `answer` belongs to
  private origins = new Map<string, Origin>();
  private openedAt = 0;

  static styles = [
    theme,
    css`
      :host { display: block; min-height: 100vh; background: var(--paper); }
      .top { position: sticky; top: 0; z-index: 5; background: var(--paper); border-bottom: 1px solid var(--line); }
      .bar, main { max-width: 1240px; margin: 0 auto; padding: 0 1.4rem; }
      .bar { display: flex; gap: 1.6rem; align-items: center; padding-top: 0.8rem; padding-bottom: 0.8rem; }
      .name { font: 600 1.5rem var(--serif); text-decoration: none; color: var(--accent); }
      handsel-search-box { flex: 1; max-width: 720px; }
      main { padding-top: 1.4rem; padding-bottom: 4rem; }
      .columns { display: grid; grid-template-columns: 220px minmax(0, 1fr); gap: 2.2rem; }
      .head { display: flex; flex-wrap: wrap; gap: 0.6rem 1.2rem; align-items: center; justify-content: space-between; margin-bottom: 1.1rem; }
      h1 { font: 500 1.45rem/1.25 var(--serif); margin: 0; overflow-wrap: anywhere; }
      .tools { display: flex; gap: 0.6rem; align-items: center; }
      select { border: 1px solid var(--line); background: var(--card); border-radius: 999px; padding: 0.5rem 0.9rem; }
      .note { background: var(--tint); border-radius: 12px; padding: 0.6rem 1rem; margin: 0 0 1rem; }
      .note button { border: 0; background: none; padding: 0; text-decoration: underline; }
      .more { display: grid; place-items: center; margin-top: 2rem; }
      .empty { text-align: center; padding: 4rem 1rem; }
      .empty h2 { font: 500 1.5rem var(--serif); margin: 0 0 0.5rem; }
      .back { display: inline-block; margin-bottom: 1rem; }
      .busy { opacity: 0.55; }
      .filters { display: none; }
      @media (max-width: 820px) {
        .bar { flex-wrap: wrap; gap: 0.5rem 1rem; padding: 0.6rem 1rem; }
        .name { font-size: 1.25rem; }
        handsel-search-box { flex-basis: 100%; }
        main { padding: 1rem 1rem 3rem; }
        .columns { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
        .filters { display: inline-block; }
        handsel-facets { display: none; }
        handsel-facets.open { display: block; }
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.api = new Api(this.endpoint, this.key);
    this.events = new EventSender(this.api);
    window.addEventListener("hashchange", this.navigated);
    window.addEventListener("pagehide", this.left);
    void this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.navigated);
    window.removeEventListener("pagehide", this.left);
  }

  private navigated = () => {
    this.left();
    this.route = readRoute(location.hash);
    this.explaining = false;
    void this.load();
  };

  // How long a listing was looked at.
  private left = () => {
    if (!this.listing || !this.openedAt) return;
    const dwell_ms = Date.now() - this.openedAt;
    this.openedAt = 0;
    this.events.add({ kind: "dwell", listing_id: this.listing.id, dwell_ms, ...this.origins.get(this.listing.id) });
    this.events.flush();
  };

  private async load() {
    this.error = "";
    this.asked?.abort();
    if (this.route.page === "listing") return this.loadListing(this.route.id);
    this.listing = undefined;
    document.title = this.route.search.q ? `${this.route.search.q} · Handsel` : "Handsel";
    if (location.hash === this.answered) return; // back from a listing: all is still there
    await this.ask(this.route.search, undefined);
  }

  private async loadListing(id: string) {
    this.loading = true;
    this.listing = undefined;
    try {
      this.listing = await this.api.listing(id);
      this.openedAt = Date.now();
      document.title = `${this.listing.title} · Handsel`;
      window.scrollTo({ top: 0 });
      this.events.add({ kind: "view", listing_id: id, surface: "listing", ...this.origins.get(id) });
    } catch (error) {
      this.error = (error as Error).message;
    }
    this.loading = false;
  }

  private async ask(search: SearchState, cursor: string | undefined) {
    const asked = (this.asked = new AbortController());
    const address = location.hash;
    this.loading = true;
    try {
      const answer = await this.api.search(
        {
          q: search.q,
          filter: filterOf(search),
          sort: search.sort === "relevance" && !search.q ? "favourites:desc" : search.sort,
          facets: kFacets,
          limit: kPage,
          explain: true,
          ...(cursor ? { cursor } : {}),
        },
        asked.signal,
      );
      const offset = cursor ? this.hits.length : 0;
      this.hits = cursor ? [...this.hits, ...answer.hits] : answer.hits;
      this.answer = answer;
      this.answered = address;
      if (!cursor) window.scrollTo({ top: 0 });
      this.shown(search, answer, offset);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = (error as Error).message;
    }
    this.loading = false;
  }

  private shown(search: SearchState, answer: SearchAnswer, offset: number) {
    const shown = answer.hits.map((hit) => hit.listing.id);
    this.events.add({ kind: "search", query_id: answer.query_id, query: search.q, shown, offset, surface: "search" });
  }

  render() {
    const q = this.route.page === "search" ? this.route.search.q : "";
    return html`
      <div class="top"><div class="bar">
        <a class="name" href="#/">Handsel</a>
        <handsel-search-box .api=${this.api} .value=${q} @handsel-search=${this.searched}></handsel-search-box>
      </div></div>
      <main>
        ${this.error ? this.failure() : this.route.page === "listing" ? this.listingPage() : this.searchPage(this.route.search)}
      </main>
      ${this.explaining && this.answer
        ? html`<handsel-explain .steps=${this.answer.explain ?? []} .took=${this.answer.took_ms}
            @handsel-close=${() => (this.explaining = false)}></handsel-explain>`
        : ""}`;
  }

  private failure() {
    return html`<div class="empty" role="alert"><h2>That did not work</h2><p>${this.error}</p>
      <button class="button primary" @click=${() => { this.answered = ""; void this.load(); }}>Try again</button></div>`;
  }

  private listingPage() {
    if (!this.listing) return html`<div class="empty quiet">Loading…</div>`;
    return html`<a class="back" href=${this.answered || "#/"}>← Back to the results</a>
      <handsel-listing .listing=${this.listing} @handsel-act=${this.acted}></handsel-listing>`;
  }

  private searchPage(search: SearchState) {
    const { answer } = this;
    if (!answer) return html`<div class="empty quiet">Loading…</div>`;
    return html`
      <div class="columns ${this.loading ? "busy" : ""}" aria-busy=${this.loading}>
        <handsel-facets class=${this.filtersOpen ? "open" : ""} .facets=${answer.facets} .chosen=${search.chosen}
          @handsel-choose=${this.chose}></handsel-facets>
        <div>
          <div class="head">
            <div>
              <h1>${search.q ? html`“${search.q}”` : "Loved right now"}</h1>
              <div class="quiet" role="status">${answer.total.toLocaleString()}${answer.total_exact ? "" : "+"} listings</div>
            </div>
            <div class="tools">
              <button class="button filters" @click=${() => (this.filtersOpen = !this.filtersOpen)} aria-expanded=${this.filtersOpen}>Filters</button>
              <select aria-label="Sort by" @change=${this.sorted}>
                ${kSorts.map(([value, label]) => html`<option value=${value} ?selected=${value === search.sort}>${label}</option>`)}
              </select>
              <button class="button" data-act="explain" @click=${() => (this.explaining = true)}>Explain</button>
            </div>
          </div>
          ${this.notes(answer)}
          ${this.hits.length === 0 ? this.nothing(search) : html`<handsel-results .hits=${this.hits} @handsel-open=${this.opened}></handsel-results>`}
          ${answer.next_cursor && this.hits.length > 0
            ? html`<div class="more"><button class="button" data-act="more" ?disabled=${this.loading}
                @click=${() => this.ask(search, answer.next_cursor ?? undefined)}>Show more</button></div>`
            : ""}
        </div>
      </div>`;
  }

  private notes(answer: SearchAnswer) {
    return html`
      ${answer.corrected_query ? html`<p class="note">Showing results for <strong>${answer.corrected_query}</strong>.</p>` : ""}
      ${answer.relaxed && this.hits.length > 0 ? html`<p class="note">Few listings have all of these words, so some of these have only some of them.</p>` : ""}
      ${answer.complaints.map((complaint) => html`<p class="note">${complaint}</p>`)}`;
  }

  private nothing(search: SearchState) {
    const narrowed = search.chosen.size > 0;
    return html`<div class="empty"><h2>Nothing found</h2>
      <p class="quiet">${narrowed ? "No listing passes all of the filters." : "Try fewer words, or more common ones."}</p>
      ${narrowed ? html`<a href=${searchHash({ ...search, chosen: new Map() })}>Remove all filters</a>` : ""}</div>`;
  }

  private searched(event: CustomEvent<string>) {
    location.hash = searchHash({ q: event.detail, sort: "relevance", chosen: new Map() });
  }

  private chose(event: CustomEvent<{ field: string; value: string; on: boolean }>) {
    if (this.route.page !== "search") return;
    const { field, value, on } = event.detail;
    const chosen = new Map(this.route.search.chosen);
    const values = new Set(chosen.get(field));
    if (on) values.add(value);
    else values.delete(value);
    // A branch and a leaf of it say the same; the last word counts.
    if (on && field === "taxonomy") {
      for (const other of [...values]) {
        if (other !== value && (value.startsWith(other + " > ") || other.startsWith(value + " > "))) values.delete(other);
      }
    }
    if (values.size > 0) chosen.set(field, values);
    else chosen.delete(field);
    location.hash = searchHash({ ...this.route.search, chosen });
  }

  private sorted(event: Event) {
    if (this.route.page !== "search") return;
    location.hash = searchHash({ ...this.route.search, sort: (event.target as HTMLSelectElement).value });
  }

  private opened(event: CustomEvent<{ hit: Hit; position: number }>) {
    const { hit, position } = event.detail;
    const origin = { query_id: this.answer?.query_id, position };
    this.origins.set(hit.listing.id, origin);
    this.events.add({ kind: "click", listing_id: hit.listing.id, surface: "search", ...origin });
  }

  private acted(event: CustomEvent<"favourite" | "cart">) {
    if (!this.listing) return;
    const { id, price, currency } = this.listing;
    this.events.add({ kind: event.detail, listing_id: id, price, currency, quantity: 1, surface: "listing", ...this.origins.get(id) });
  }
}
