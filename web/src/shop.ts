// <handsel-shop endpoint="" key="">: a whole shop page made of the other components. It keeps the
// state in the address, asks the server, and tells it what was shown and done.
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Api, type Hit, type Listing, type SearchAnswer } from "./api";
import "./chips";
import { EventSender } from "./events";
import "./explain";
import "./facets";
import "./listing-page";
import "./personal-switch";
import { askPage, askReasons, sortOf, type Person } from "./question";
import "./refine";
import "./results";
import "./search-box";
import { filterOf, readRoute, searchHash, type Route, type SearchState } from "./state";
import { theme } from "./theme";

const kSorts: [string, string][] = [
  ["relevance", "Best match"],
  ["price:asc", "Lowest price"],
  ["price:desc", "Highest price"],
  ["created:desc", "Newest"],
  ["favourites:desc", "Most loved"],
];
const kRootsAtFirst = 16;
const kPersonal = "handsel-personal"; // in the browser's storage: "off", or nothing

// Where the visitor came from to a listing: goes with what they do there.
interface Origin {
  query_id?: string;
  position?: number;
}

// The results of one address, with all the pages that were loaded; kept while a
// listing is looked at, so that going back is at once and to the same place.
interface Results {
  address: string;
  answer: SearchAnswer;
  hits: Hit[];
  scrolled: number;
}

// What the drawer is open for: one hit, or the page. The answer comes a moment later.
interface Explaining {
  hit?: Hit;
  answer?: SearchAnswer;
  error?: string;
}

@customElement("handsel-shop")
export class Shop extends LitElement {
  @property() endpoint = "";
  @property() key = "";
  @state() private route: Route = readRoute(location.hash);
  @state() private results?: Results;
  @state() private listing?: Listing;
  @state() private loading = false;
  @state() private error = "";
  @state() private explaining?: Explaining;
  @state() private personal = localStorage.getItem(kPersonal) !== "off";
  @state() private filtersOpen = false;
  private api!: Api;
  private events!: EventSender;
  private asked?: AbortController;
  private origins = new Map<string, Origin>();
  private queryOf = new WeakMap<Hit, string>();
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
      h1, .head h2 { font: 500 1.45rem/1.25 var(--serif); margin: 0; overflow-wrap: anywhere; }
      .tools { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
      .made { font-size: 0.9rem; }
      select { border: 1px solid var(--line); background: var(--card); border-radius: 999px; padding: 0.5rem 0.9rem; }
      .note { background: var(--tint); border-radius: 12px; padding: 0.6rem 1rem; margin: 0 0 1rem; }
      .note::first-letter, .note p::first-letter, .why::first-letter { text-transform: uppercase; }
      .note p { margin: 0; }
      .more { display: grid; place-items: center; margin-top: 2rem; }
      .empty { text-align: center; padding: 4rem 1rem; }
      .empty h2 { font: 500 1.5rem var(--serif); margin: 0 0 0.5rem; }
      .suggested { border: 1px solid var(--line); border-radius: 14px; padding: 0.9rem 1.2rem; margin: 0 0 1.2rem; }
      .suggested h3 { font: 500 1.08rem/1.3 var(--serif); margin: 0 0 0.4rem; }
      .suggested ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.3rem; }
      .suggested a { font-weight: 600; color: var(--accent); text-underline-offset: 2px; }
      .empty .suggested { max-width: 34rem; margin: 1.2rem auto; text-align: left; }
      .back { display: inline-block; margin-bottom: 1rem; text-decoration: none; }
      .back:hover { text-decoration: underline; }
      .hello { margin: 0.6rem 0 1.8rem; }
      .hello h1 { font-size: clamp(1.7rem, 4vw, 2.5rem); text-wrap: balance; }
      .hello p { margin: 0.4rem 0 1.1rem; max-width: 60ch; }
      .roots { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; margin: 0; padding: 0; }
      .roots a { display: block; border: 1px solid var(--line); background: var(--card); border-radius: 999px; padding: 0.4rem 1rem; text-decoration: none; }
      .roots a:hover { border-color: var(--accent); }
      .waiting { display: grid; gap: 1.4rem 1.1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 205px), 1fr)); }
      .waiting div { aspect-ratio: 0.74; border-radius: 14px; background: linear-gradient(100deg, var(--tint) 40%, var(--card) 50%, var(--tint) 60%) 0 0 / 300% 100%; animation: wait 1.6s linear infinite; }
      @keyframes wait { from { background-position: 100% 0; } to { background-position: 0 0; } }
      @media (prefers-reduced-motion: reduce) { .waiting div { animation: none; } }
      .busy { opacity: 0.55; transition: opacity 0.15s 0.15s; }
      .filters { display: none; }
      @media (max-width: 820px) {
        .bar { flex-wrap: wrap; gap: 0.5rem 1rem; padding: 0.6rem 1rem; }
        .name { font-size: 1.25rem; }
        handsel-search-box { flex-basis: 100%; }
        main { padding: 1rem 1rem 3rem; }
        .columns { display: flex; flex-direction: column; gap: 1rem; }
        .columns > div { display: contents; }
        .columns > div > * { order: 3; margin-bottom: 0; }
        .columns .head { order: 1; }
        handsel-facets { order: 2; }
        .roots { flex-wrap: nowrap; overflow-x: auto; margin: 0 -1rem; padding: 0 1rem 0.3rem; scrollbar-width: none; }
        .roots a { white-space: nowrap; }
        .tools { flex: 1; justify-content: space-between; }
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
    history.scrollRestoration = "manual"; // done below, when the results are there again
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
    this.explaining = undefined;
    void this.load();
  };

  // How long a listing was looked at.
  private left = () => {
    if (!this.listing || !this.openedAt) return;
    const dwell_ms = Date.now() - this.openedAt;
    this.openedAt = 0;
    this.events.add({ kind: "dwell", listing_id: this.listing.id, dwell_ms, surface: "listing", ...this.origins.get(this.listing.id) });
    this.events.flush();
  };

  private async load() {
    this.error = "";
    this.asked?.abort();
    this.listing = undefined;
    if (this.route.page === "listing") return this.loadListing(this.route.id);
    document.title = this.route.search.q ? `${this.route.search.q} · Handsel` : "Handsel";
    if (location.hash !== this.results?.address) return this.ask(this.route.search, undefined);
    this.loading = false; // back from a listing: all is still there
    await this.updateComplete;
    window.scrollTo({ top: this.results.scrolled });
  }

  private async loadListing(id: string) {
    const asked = (this.asked = new AbortController());
    if (this.results) this.results.scrolled = window.scrollY;
    this.loading = true;
    try {
      const listing = await this.api.listing(id, asked.signal);
      this.listing = listing;
      this.openedAt = Date.now();
      document.title = `${listing.title} · Handsel`;
      window.scrollTo({ top: 0 });
      this.events.add({ kind: "view", listing_id: id, surface: "listing", ...this.origins.get(id) });
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = (error as Error).message;
    }
    this.loading = false;
  }

  private async ask(search: SearchState, cursor: string | undefined) {
    const asked = (this.asked = new AbortController());
    const address = location.hash;
    this.loading = true;
    try {
      const answer = await askPage(this.api, search, this.person(), cursor, asked.signal);
      for (const hit of answer.hits) this.queryOf.set(hit, answer.query_id);
      const before = cursor ? this.results : undefined;
      const hits = [...(before?.hits ?? []), ...answer.hits];
      // What follows a first page says only how the hits go on.
      this.results = { address, hits, scrolled: 0, answer: before ? { ...before.answer, next_cursor: answer.next_cursor } : answer };
      if (!cursor) window.scrollTo({ top: 0 });
      this.shown(search, answer, before?.hits.length ?? 0);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = (error as Error).message;
    }
    this.loading = false;
  }

  private shown(search: SearchState, answer: SearchAnswer, offset: number) {
    const shown = answer.hits.map((hit) => hit.listing.id);
    this.events.add({
      kind: "search",
      query_id: answer.query_id,
      query: search.q,
      filter: filterOf(search),
      sort: sortOf(search),
      shown,
      offset,
      surface: "search",
    });
  }

  render() {
    const q = this.route.page === "search" ? this.route.search.q : "";
    return html`
      <header class="top"><div class="bar">
        <a class="name" href="#/">Handsel</a>
        <handsel-search-box .api=${this.api} .value=${q} @handsel-search=${this.searched}></handsel-search-box>
      </div></header>
      <main>
        ${this.error ? this.failure() : this.route.page === "listing" ? this.listingPage() : this.searchPage(this.route.search)}
      </main>
      ${this.explaining
        ? html`<handsel-explain .hit=${this.explaining.hit} .answer=${this.explaining.answer} .error=${this.explaining.error ?? ""}
            @handsel-close=${() => (this.explaining = undefined)}></handsel-explain>`
        : ""}`;
  }

  private failure() {
    return html`<div class="empty" role="alert"><h2>That did not work</h2><p class="why">${this.error}</p>
      <p><button class="button primary" @click=${() => { this.results = undefined; void this.load(); }}>Try again</button></p>
      <p><a href="#/">To the start</a></p></div>`;
  }

  private waiting() {
    return html`<p class="quiet" role="status">Loading…</p><div class="waiting" aria-hidden="true">${Array.from({ length: 12 }, () => html`<div></div>`)}</div>`;
  }

  private listingPage() {
    if (!this.listing) return html`<div class="empty quiet" role="status">Loading…</div>`;
    return html`<a class="back" href=${this.results?.address || "#/"}>← Back to the results</a>
      <handsel-listing .listing=${this.listing} @handsel-act=${this.acted}></handsel-listing>`;
  }

  private searchPage(search: SearchState) {
    if (!this.results) return this.waiting();
    const { answer, hits } = this.results;
    return html`
      ${search.q || search.chosen.size > 0 ? "" : this.hello(answer)}
      <div class="columns ${this.loading ? "busy" : ""}" aria-busy=${this.loading}>
        <handsel-facets class=${this.filtersOpen ? "open" : ""} .facets=${answer.facets} .chosen=${search.chosen}
          @handsel-choose=${this.chose}></handsel-facets>
        <div>
          ${this.head(search, answer)}
          <handsel-chips .chosen=${search.chosen} @handsel-choose=${this.chose} @handsel-clear=${() => this.go({ ...search, chosen: new Map() })}></handsel-chips>
          <handsel-refine .chips=${answer.chips} .chosen=${search.chosen} @handsel-choose=${this.chose}></handsel-refine>
          ${this.notes(search, answer)}
          ${hits.length === 0 ? this.nothing(search, answer) : html`<handsel-results .hits=${hits} @handsel-open=${this.opened}
            @handsel-why=${(event: CustomEvent<{ hit: Hit; position: number }>) => this.explain(event.detail.hit, event.detail.position)}></handsel-results>`}
          ${answer.next_cursor && hits.length > 0
            ? html`<div class="more"><button class="button" data-act="more" ?disabled=${this.loading}
                @click=${() => this.ask(search, answer.next_cursor ?? undefined)}>Show more</button></div>`
            : ""}
        </div>
      </div>`;
  }

  private hello(answer: SearchAnswer) {
    const roots = answer.facets.find(({ field }) => field === "taxonomy")?.values.filter(({ value }) => !value.includes(" > ")) ?? [];
    return html`<section class="hello">
      <h1>Find something made by hand.</h1>
      <p class="quiet">${answer.total.toLocaleString()} things from small workshops. Search, or start with a category.</p>
      <ul class="roots" aria-label="Categories">${roots.slice(0, kRootsAtFirst).map(({ value }) => html`<li>
        <a href=${searchHash({ q: "", sort: "relevance", exact: false, chosen: new Map([["taxonomy", new Set([value])]]) })}>${value}</a></li>`)}</ul>
    </section>`;
  }

  private head(search: SearchState, answer: SearchAnswer) {
    const browsing = !search.q;
    const title = browsing ? html`<h2>${search.sort === "relevance" || search.sort === "favourites:desc" ? "Most loved" : "Listings"}</h2>` : html`<h1>“${search.q}”</h1>`;
    return html`
      <div class="head">
        <div>
          ${title}
          <div class="quiet" role="status">${answer.total.toLocaleString()}${answer.total_exact ? "" : "+"} ${answer.total === 1 ? "listing" : "listings"}</div>
          ${this.made(answer)}
        </div>
        <div class="tools">
          <handsel-personal-switch .on=${this.personal} @handsel-personal=${this.personalised}></handsel-personal-switch>
          <button class="button filters" @click=${() => (this.filtersOpen = !this.filtersOpen)} aria-expanded=${this.filtersOpen}>Filters</button>
          <select aria-label="Sort by" @change=${this.sorted}>
            ${kSorts.filter(([value]) => !browsing || value !== "relevance").map(([value, label]) => html`<option value=${value}
              ?selected=${value === search.sort || (browsing && search.sort === "relevance" && value === "favourites:desc")}>${label}</option>`)}
          </select>
          <button class="button" data-act="explain" aria-haspopup="dialog" @click=${() => this.explain(undefined, 0)}>Explain</button>
        </div>
      </div>`;
  }

  // What else than the words had a say.
  private made(answer: SearchAnswer) {
    const said = [];
    if (answer.by_meaning > 0) said.push(`${answer.by_meaning.toLocaleString()} found by meaning, not by the words`);
    if (answer.personalised) said.push("ordered for this session");
    return said.length === 0 ? "" : html`<div class="quiet made">${said.join(" · ")}</div>`;
  }

  private notes(search: SearchState, answer: SearchAnswer) {
    const said = [...answer.complaints, ...answer.notes];
    return html`
      ${answer.corrected_query ? html`<p class="note">Showing results for <strong>${answer.corrected_query}</strong>.
        <a href=${searchHash({ ...search, exact: true })}>Search for “${search.q}” instead</a></p>` : ""}
      ${said.length === 0 ? "" : html`<div class="note">${said.map((line) => html`<p>${line}</p>`)}</div>`}
      ${answer.hits.length > 0 ? this.suggested(search, answer) : ""}`;
  }

  // What finds more, where little or nothing was found.
  private suggested(search: SearchState, answer: SearchAnswer) {
    if (answer.suggestions.length === 0) return "";
    return html`<section class="suggested" aria-label="Suggestions"><h3>This finds more</h3>
      <ul>${answer.suggestions.map(({ query, reason }) => html`<li>
        <a href=${searchHash({ ...search, q: query })}>${query || "everything"}</a> <span class="quiet">${reason}</span></li>`)}</ul></section>`;
  }

  private nothing(search: SearchState, answer: SearchAnswer) {
    const narrowed = search.chosen.size > 0;
    return html`<div class="empty"><h2>Nothing found</h2>
      ${this.suggested(search, answer)}
      <p class="quiet">${narrowed ? "No listing passes all of the filters." : "Try fewer words, or more common ones."}</p>
      <p>${narrowed ? html`<a href=${searchHash({ ...search, chosen: new Map() })}>Remove all filters</a>` : html`<a href="#/">See what others love</a>`}</p></div>`;
  }

  private person(): Person {
    return this.personal ? { session_id: this.events.session, user_id: this.events.user } : { personalise: false };
  }

  private personalised(event: CustomEvent<boolean>) {
    this.personal = event.detail;
    if (this.personal) localStorage.removeItem(kPersonal);
    else localStorage.setItem(kPersonal, "off");
    this.asked?.abort();
    if (this.route.page === "search") void this.ask(this.route.search, undefined);
  }

  private async explain(hit: Hit | undefined, position: number) {
    if (this.route.page !== "search") return;
    const asked: Explaining = { hit };
    this.explaining = asked;
    const found = await askReasons(this.api, this.route.search, this.person(), position).then(
      (answer) => ({ answer }),
      (error: Error) => ({ error: error.message }),
    );
    if (this.explaining === asked) this.explaining = { hit, ...found };
  }

  private go(search: SearchState) {
    location.hash = searchHash(search);
  }

  private searched(event: CustomEvent<string>) {
    this.go({ q: event.detail, sort: "relevance", exact: false, chosen: new Map() });
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
    this.go({ ...this.route.search, chosen });
  }

  private sorted(event: Event) {
    if (this.route.page !== "search") return;
    this.go({ ...this.route.search, sort: (event.target as HTMLSelectElement).value });
  }

  private opened(event: CustomEvent<{ hit: Hit; position: number }>) {
    const { hit, position } = event.detail;
    const origin = { query_id: this.queryOf.get(hit), position };
    this.origins.set(hit.listing.id, origin);
    this.events.add({ kind: "click", listing_id: hit.listing.id, surface: "search", ...origin });
  }

  private acted(event: CustomEvent<"favourite" | "cart">) {
    if (!this.listing) return;
    const { id, price, currency } = this.listing;
    this.events.add({ kind: event.detail, listing_id: id, price, currency, quantity: 1, surface: "listing", ...this.origins.get(id) });
  }
}
