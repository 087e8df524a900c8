// <handsel-explain>: a drawer that says why a hit stands where it stands, or, without a hit,
// how the page was made. It opens at once and waits for the answer. Fires `handsel-close`.
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { ExplainStep, Hit, SearchAnswer } from "./api";
import { reasonsOf, saidOf, type Reason, type Reasons } from "./reasons";
import { money, theme } from "./theme";

function short(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString() : String(Number(value.toPrecision(2)));
}

@customElement("handsel-explain")
export class Explain extends LitElement {
  @property({ attribute: false }) hit?: Hit;
  @property({ attribute: false }) answer?: SearchAnswer;
  @property() error = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  static styles = [
    theme,
    css`
      dialog { width: min(520px, 100vw); max-width: none; height: 100dvh; max-height: none; margin: 0 0 0 auto; padding: 0; border: 0; border-left: 1px solid var(--line); background: var(--card); color: var(--ink); overflow: auto; overscroll-behavior: contain; box-shadow: -12px 0 40px rgb(40 20 10 / 18%); }
      dialog[open] { animation: enter 0.18s ease-out; }
      dialog::backdrop { background: rgb(30 18 10 / 35%); }
      @keyframes enter { from { transform: translateX(2.5rem); opacity: 0; } }
      header { position: sticky; top: 0; z-index: 1; display: flex; justify-content: space-between; align-items: center; gap: 1rem; background: var(--card); padding: 1rem 1.5rem; border-bottom: 1px solid var(--line); }
      h2 { font: 500 1.3rem/1.3 var(--serif); margin: 0; }
      section { padding: 1.2rem 1.5rem; border-bottom: 1px solid var(--line); }
      section:last-of-type { border-bottom: 0; padding-bottom: 3rem; }
      h3 { font: 500 1.08rem/1.3 var(--serif); margin: 0 0 0.2rem; }
      p { margin: 0.2rem 0 0; }
      section > .quiet { font-size: 0.92rem; }
      .listing { display: flex; gap: 1rem; align-items: center; }
      .listing img { width: 84px; aspect-ratio: 1; object-fit: cover; border-radius: 12px; background: var(--tint); flex: none; }
      .title { font-weight: 550; line-height: 1.35; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
      .found { display: flex; flex-wrap: wrap; gap: 0.45rem; list-style: none; margin: 0.6rem 0 0; padding: 0; }
      .found li { background: var(--tint); border-radius: 999px; padding: 0.25rem 0.85rem; font-size: 0.92rem; }
      .bars { list-style: none; margin: 0.9rem 0 0; padding: 0; display: grid; gap: 0.7rem; }
      .bars li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.1rem 0.8rem; font-size: 0.94rem; }
      .number { font-variant-numeric: tabular-nums; color: var(--soft); }
      .bar { grid-column: 1 / -1; height: 8px; border-radius: 4px; background: var(--tint); overflow: hidden; }
      .bar div { height: 100%; border-radius: 4px; background: var(--accent); min-width: 3px; }
      .against .bar div { background: var(--soft); margin-left: auto; }
      .against .number { color: var(--ink); }
      details { margin-top: 1rem; }
      summary { cursor: pointer; color: var(--soft); font-size: 0.92rem; }
      summary:hover { color: var(--accent); }
      dl { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.25rem 1rem; margin: 0.6rem 0 0; font-size: 0.92rem; }
      dt { color: var(--soft); }
      dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
      .steps { list-style: none; margin: 0.9rem 0 0; padding: 0; display: grid; gap: 0.9rem; }
      .step { display: grid; grid-template-columns: 5.6rem minmax(0, 1fr) auto; gap: 0.1rem 0.8rem; align-items: baseline; font-size: 0.94rem; }
      .name { font-weight: 600; text-transform: capitalize; }
      .steps .bar { height: 4px; margin-top: 0.25rem; }
      .steps details { margin: 0.2rem 0 0; }
      .steps summary { font-size: 0.85rem; }
      pre { font: 12px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--paper); border-radius: 10px; padding: 0.7rem 0.9rem; overflow: auto; max-height: 22rem; margin: 0.5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
      .wait { height: 8px; border-radius: 4px; margin-top: 1.1rem; background: linear-gradient(100deg, var(--tint) 40%, var(--card) 50%, var(--tint) 60%) 0 0 / 300% 100%; animation: wait 1.6s linear infinite; }
      @keyframes wait { from { background-position: 100% 0; } to { background-position: 0 0; } }
      @media (prefers-reduced-motion: reduce) { dialog[open], .wait { animation: none; } }
      @media (max-width: 480px) { header, section { padding-left: 1.1rem; padding-right: 1.1rem; } .step { grid-template-columns: 1fr auto; } .step .said { grid-column: 1 / -1; grid-row: 2; } dialog { border-left: 0; } }
    `,
  ];

  firstUpdated() {
    this.dialog.showModal();
  }

  render() {
    return html`
      <dialog aria-labelledby="title" @close=${this.closed} @click=${this.outside}>
        <header>
          <h2 id="title">${this.hit ? "Why this?" : "How this page was made"}</h2>
          <button class="button" autofocus @click=${() => this.dialog.close()}>Close</button>
        </header>
        ${this.hit ? this.listing(this.hit) : ""}
        ${this.error ? html`<section role="alert"><h3>That did not work</h3><p class="quiet">${this.error}</p></section>` : ""}
        ${this.answer ? this.told(this.answer) : this.error ? "" : this.waiting()}
      </dialog>`;
  }

  private waiting() {
    return html`<section role="status"><span class="quiet">Asking the server for its reasons…</span>
      <div class="wait"></div><div class="wait"></div><div class="wait"></div></section>`;
  }

  private listing({ listing }: Hit) {
    const image = listing.images?.[0];
    return html`<section class="listing">
      ${image ? html`<img src=${image.url} alt="">` : ""}
      <div><div class="title">${listing.title}</div>
        <div class="quiet">${money(listing.price, listing.currency)}${listing.shop_name ? ` · ${listing.shop_name}` : ""}</div></div>
    </section>`;
  }

  private told(answer: SearchAnswer) {
    const reasons = this.hit && reasonsOf(answer, this.hit.listing.id);
    return html`
      ${!this.hit ? "" : reasons ? this.reasons(answer, reasons) : this.unknown(answer)}
      ${this.steps(answer)}`;
  }

  // Behind the ranked, or in an order by column, there is nothing to weigh.
  private unknown(answer: SearchAnswer) {
    const there = answer.hits.some((hit) => hit.listing.id === this.hit?.listing.id);
    return html`<section><h3>${there ? "Nothing was weighed" : "The order has moved on"}</h3>
      <p class="quiet">${there
        ? "This page is sorted by one value of the listings; what else is known of them has no say."
        : "What people did since has changed the order, and this listing stands further back now. Search again to see it."}</p></section>`;
  }

  private reasons(answer: SearchAnswer, { place, foundBy, spoke, known, score }: Reasons) {
    return html`
      <section>
        <h3>Found by</h3>
        <p class="quiet">Place ${(place + 1).toLocaleString()} of ${answer.total.toLocaleString()}${answer.total_exact ? "" : "+"}${answer.personalised ? ", ordered for this session" : ""}</p>
        <ul class="found" aria-label="Found by">${foundBy.map((source) => html`<li>${source}</li>`)}</ul>
      </section>
      <section>
        <h3>What spoke for it</h3>
        ${spoke.length + known.length === 0
          ? html`<p class="quiet">It stands behind the best, which are weighed against each other; for the others a first look decides.</p>`
          : html`<p class="quiet">${answer.learned
              ? "A ranker that learned from what people chose makes the order from these and from what is known besides."
              : `Each part of its score of ${short(score)}.`}</p>`}
        ${this.bars(spoke)}
        ${known.length === 0 ? "" : html`<details ?open=${answer.learned}><summary>Known besides${answer.learned ? "" : ", not weighed"}</summary>
          <dl>${known.map(({ label, value }) => html`<dt>${label}</dt><dd>${short(value)}</dd>`)}</dl></details>`}
      </section>`;
  }

  private bars(spoke: Reason[]) {
    const largest = Math.max(...spoke.map(({ share }) => Math.abs(share ?? 0)), Number.MIN_VALUE);
    return html`<ul class="bars">
      ${spoke.map(({ name, label, share = 0 }) => html`<li class=${share < 0 ? "against" : nothing} data-feature=${name}>
        <span>${label}</span><span class="number">${share < 0 ? "" : "+"}${short(share)}</span>
        <div class="bar" aria-hidden="true"><div style="width: ${(100 * Math.abs(share)) / largest}%"></div></div></li>`)}
    </ul>`;
  }

  private steps(answer: SearchAnswer) {
    const steps = answer.explain ?? [];
    const longest = Math.max(...steps.map(({ ms }) => ms), 0.001);
    return html`<section>
      <h3>${this.hit ? "How the page was made" : "Step by step"}</h3>
      <p class="quiet">${answer.took_ms.toFixed(2)} ms in all</p>
      <ol class="steps">${steps.map((step) => this.step(step, longest))}</ol>
    </section>`;
  }

  private step(step: ExplainStep, longest: number) {
    return html`<li data-stage=${step.stage}>
      <div class="step"><span class="name">${step.stage}</span><span class="said">${saidOf(step)}</span>
        <span class="number">${step.ms.toFixed(2)} ms</span></div>
      <div class="bar" aria-hidden="true"><div style="width: ${(100 * step.ms) / longest}%"></div></div>
      <details><summary>In full</summary><pre tabindex="0">${JSON.stringify(step.detail, null, 2)}</pre></details>
    </li>`;
  }

  // A click on the dialog itself is one beside its contents.
  private outside(event: MouseEvent) {
    if (event.target === this.dialog && event.clientX < this.dialog.getBoundingClientRect().left) this.dialog.close();
  }

  private closed() {
    this.dispatchEvent(new CustomEvent("handsel-close", { bubbles: true, composed: true }));
  }
}
