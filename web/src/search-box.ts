// <handsel-search-box>: a field with completions. Fires `handsel-search` with the words.
// An ARIA combobox: arrows choose, Enter searches, Escape closes.
import { LitElement, css, html } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Api } from "./api";
import { theme } from "./theme";

const kTypingMs = 80;

@customElement("handsel-search-box")
export class SearchBox extends LitElement {
  @property({ attribute: false }) api!: Api;
  @property() value = "";
  @state() private completions: string[] = [];
  @state() private active = -1;
  @query("input") private field!: HTMLInputElement;
  private timer = 0;
  private asked?: AbortController;

  static styles = [
    theme,
    css`
      form { position: relative; display: flex; background: var(--card); border: 1.5px solid var(--line); border-radius: 999px; }
      form:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
      input:focus-visible { outline: none; }
      input { flex: 1; min-width: 0; border: 0; background: none; padding: 0.7rem 0 0.7rem 1.3rem; outline: none; font-size: 1.05rem; }
      input::-webkit-search-cancel-button { display: none; }
      button { border: 0; background: var(--accent); color: var(--on-accent); margin: 4px; border-radius: 999px; padding: 0 1.2rem; font-weight: 600; }
      ul { position: absolute; z-index: 10; top: calc(100% + 6px); left: 0; right: 0; margin: 0; padding: 0.4rem 0; list-style: none; background: var(--card); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 12px 32px rgb(40 20 10 / 15%); overflow: hidden; }
      li { padding: 0.45rem 1.3rem; cursor: pointer; }
      li[aria-selected="true"], li:hover { background: var(--tint); }
      b { font-weight: 650; }
    `,
  ];

  render() {
    const open = this.completions.length > 0;
    return html`
      <form role="search" @submit=${this.submit}>
        <input type="search" name="q" placeholder="Search for something handmade" autocomplete="off" maxlength="2000"
          role="combobox" aria-label="Search" aria-expanded=${open} aria-controls="completions" aria-autocomplete="list"
          aria-activedescendant=${this.active >= 0 ? `completion-${this.active}` : ""}
          .value=${this.value} @input=${this.typed} @keydown=${this.key} @blur=${this.close}>
        <button type="submit">Search</button>
        ${open ? html`<ul id="completions" role="listbox" aria-label="Completions">
          ${this.completions.map((text, i) => html`
            <li id="completion-${i}" role="option" aria-selected=${i === this.active}
              @pointerdown=${(event: Event) => { event.preventDefault(); this.search(text); }}>${this.marked(text)}</li>`)}
        </ul>` : ""}
      </form>`;
  }

  private marked(text: string) {
    const typed = this.field.value.trim().toLowerCase();
    const at = text.toLowerCase().startsWith(typed) ? typed.length : 0;
    return html`${text.slice(0, at)}<b>${text.slice(at)}</b>`;
  }

  private typed() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.complete(), kTypingMs);
  }

  private async complete() {
    this.asked?.abort();
    const words = this.field.value.trim();
    if (!words) return this.close();
    this.asked = new AbortController();
    const completions = await this.api.complete(words, this.asked.signal).catch(() => undefined);
    if (!completions || this.field.value.trim() !== words || !this.matches(":focus-within")) return;
    this.completions = completions.filter((text) => text !== words);
    this.active = -1;
  }

  private key(event: KeyboardEvent) {
    if (event.key === "Escape") return this.close();
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || this.completions.length === 0) return;
    event.preventDefault();
    const places = this.completions.length + 1; // one of them is 'none'
    this.active = ((this.active + 1 + step + places) % places) - 1;
  }

  private submit(event: Event) {
    event.preventDefault();
    this.search(this.active >= 0 ? this.completions[this.active] : this.field.value.trim());
  }

  private search(words: string) {
    this.field.value = words;
    this.close();
    this.field.blur();
    this.dispatchEvent(new CustomEvent("handsel-search", { detail: words, bubbles: true, composed: true }));
  }

  private close() {
    window.clearTimeout(this.timer);
    this.asked?.abort();
    this.completions = [];
    this.active = -1;
  }
}
