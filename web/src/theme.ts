// Colours, type and small parts that all components share. A shop that embeds them sets the
// --handsel-* properties to its own.
import { css } from "lit";

export const theme = css`
  :host {
    --paper: var(--handsel-paper, #faf6ef);
    --card: var(--handsel-card, #fffdf9);
    --ink: var(--handsel-ink, #2c2420);
    --soft: var(--handsel-soft, #6b5d53);
    --line: var(--handsel-line, #e4d9ca);
    --accent: var(--handsel-accent, #a03d24);
    --on-accent: var(--handsel-on-accent, #fffaf4);
    --tint: var(--handsel-tint, #f3e6d8);
    --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
    color: var(--ink);
    font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", sans-serif;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --paper: var(--handsel-paper, #1d1916);
      --card: var(--handsel-card, #282320);
      --ink: var(--handsel-ink, #f2e9df);
      --soft: var(--handsel-soft, #b9a999);
      --line: var(--handsel-line, #433a34);
      --accent: var(--handsel-accent, #f0987c);
      --on-accent: var(--handsel-on-accent, #2a120b);
      --tint: var(--handsel-tint, #3a2f28);
    }
  }
  * { box-sizing: border-box; }
  button, input, select { font: inherit; color: inherit; }
  button { cursor: pointer; }
  a { color: inherit; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .quiet { color: var(--soft); }
  .button { border: 1px solid var(--line); background: var(--card); border-radius: 999px; padding: 0.5rem 1.1rem; }
  .button:hover { border-color: var(--accent); }
  .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
`;

export function money(price: number | undefined, currency: string | undefined): string {
  if (price === undefined) return "";
  if (!currency) return price.toFixed(2);
  return new Intl.NumberFormat(undefined, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(price);
}
