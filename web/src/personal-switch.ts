// <handsel-personal-switch on>: whether what this visitor did may shape what they find. Fires
// `handsel-personal` with true or false.
import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { theme } from "./theme";

@customElement("handsel-personal-switch")
export class PersonalSwitch extends LitElement {
  @property({ type: Boolean }) on = true;

  static styles = [
    theme,
    css`
      button { display: inline-flex; gap: 0.6rem; align-items: center; border: 0; background: none; padding: 0.5rem 0.2rem; white-space: nowrap; }
      .track { width: 2.2rem; height: 1.25rem; border-radius: 999px; background: var(--card); border: 1px solid var(--soft); padding: 2px; transition: background 0.15s; }
      .knob { width: calc(1.25rem - 6px); aspect-ratio: 1; border-radius: 50%; background: var(--soft); transition: transform 0.15s; }
      [aria-checked="true"] .track { background: var(--accent); border-color: var(--accent); }
      [aria-checked="true"] .knob { background: var(--on-accent); transform: translateX(0.95rem); }
      @media (prefers-reduced-motion: reduce) { .track, .knob { transition: none; } }
      @media (forced-colors: active) { .knob { background: ButtonText; } [aria-checked="true"] .knob { background: Highlight; } }
    `,
  ];

  render() {
    return html`<button role="switch" aria-checked=${this.on} title="What you looked at in this shop lifts what is like it" @click=${this.toggled}>
      <span class="track" aria-hidden="true"><div class="knob"></div></span>Personal results</button>`;
  }

  private toggled() {
    this.dispatchEvent(new CustomEvent("handsel-personal", { detail: !this.on, bubbles: true, composed: true }));
  }
}
