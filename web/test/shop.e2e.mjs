// A visitor in a real browser: searches, narrows, opens a listing, goes back; then the events of it
// must have reached the server.
//
//   node test/shop.e2e.mjs http://127.0.0.1:8080 [folder for screenshots]
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [address, shots] = process.argv.slice(2);
if (!address) {
  console.error("usage: node test/shop.e2e.mjs ADDRESS [FOLDER]");
  process.exit(2);
}
if (shots) mkdirSync(shots, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

const problems = [];
const searches = []; // what the pages asked
export const sent = []; // events, as the pages sent them
export const acknowledged = []; // those whose answer a page still saw: one that is left does not

async function visitor(width, height, colorScheme = "light") {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("request", (request) => {
    if (request.url().endsWith("/v1/events")) sent.push(...JSON.parse(request.postData() ?? "[]"));
    if (!/\/v1\/(multi-)?search$/.test(request.url())) return;
    const body = JSON.parse(request.postData() ?? "{}");
    searches.push(...(body.searches ?? [body]));
  });
  page.on("response", async (response) => {
    if (!response.url().endsWith("/v1/events")) return;
    const answer = await response.json().catch(() => ({}));
    if (response.ok()) acknowledged.push(...JSON.parse(response.request().postData() ?? "[]"));
    if (response.status() !== 200 || (answer.rejected ?? []).length > 0) problems.push(`events: ${JSON.stringify(answer)}`);
  });
  return page;
}

async function shot(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

// What is still being read from the log would change the order between two answers.
for (let tries = 0; ; ++tries) {
  const { degraded } = await (await fetch(`${address}/health/ready`)).json();
  if (degraded.length === 0) break;
  assert.ok(tries < 600, degraded.join("; "));
  await new Promise((resolve) => setTimeout(resolve, 100));
}

const page = await visitor(1280, 900);
await page.goto(address);
await page.locator("handsel-results li").first().waitFor();
await shot(page, "1-home");

// Completion by keyboard, then a search.
const field = page.getByRole("combobox", { name: "Search" });
await field.pressSequentially("linen", { delay: 30 });
await page.getByRole("listbox", { name: "Completions" }).getByRole("option").first().waitFor();
await shot(page, "2-completion");
await field.fill("linen apron");
await field.press("Enter");
await page.getByRole("heading", { level: 1 }).filter({ hasText: "linen apron" }).waitFor();
await page.locator("handsel-results li").first().waitFor();
const status = page.getByRole("status");
const total = Number((await status.innerText()).replace(/\D/g, ""));
assert.ok(total > 0, "the search finds something");
await shot(page, "3-search");

// Narrow by the first category. As many as it counted are found, and perhaps more: what is found
// by meaning is looked for again among fewer.
const found = async () => Number((await status.innerText()).replace(/\D/g, ""));
const box = page.locator("handsel-facets input[data-field=taxonomy]").first();
const counted = Number((await box.locator("xpath=..").locator("small").innerText()).replace(/\D/g, ""));
await box.check();
await page.getByRole("button", { name: /^Remove the filter/ }).waitFor();
await page.waitForFunction((n) => document.querySelector("handsel-shop").shadowRoot
  .querySelector("[role=status]")?.textContent.replace(/\D/g, "") !== String(n), total);
const count = await found();
assert.ok(count >= counted && count < total, `${counted} were counted, ${count} of ${total} found`);
assert.match(page.url(), /taxonomy=/, "the filter is in the address");
await shot(page, "4-filtered");

// A second value of the same field adds to what is found; a chip takes it away again.
const other = page.locator("handsel-facets input[data-field=taxonomy]:not(:checked):not([data-value*='>'])").first();
await other.check();
await page.waitForFunction((n) => Number(document.querySelector("handsel-shop").shadowRoot
  .querySelector("[role=status]")?.textContent.replace(/\D/g, "")) > n, count);
await shot(page, "4-two-filters");
await page.getByRole("button", { name: /^Remove the filter/ }).last().click();
await page.waitForFunction((n) => document.querySelector("handsel-shop").shadowRoot
  .querySelector("[role=status]")?.textContent.replace(/\D/g, "") === String(n), count);
assert.equal(await found(), count);

// How it was made is asked only when the drawer opens; Escape closes it.
assert.ok(!searches.some((search) => search.explain), "nobody asked for reasons yet");
await page.getByRole("button", { name: "Explain" }).click();
const drawer = page.getByRole("dialog");
await drawer.locator("[data-stage=rank]").waitFor();
await shot(page, "5-explain");
await page.keyboard.press("Escape");
await drawer.waitFor({ state: "detached" });
assert.equal(searches.filter((search) => search.explain).length, 1);

// Why one listing stands where it does: bars of what spoke for it, who found it, the steps.
const why = page.getByRole("button", { name: /^Why this/ }).nth(1);
await why.focus();
await page.keyboard.press("Enter");
await page.getByRole("dialog", { name: "Why this?" }).waitFor();
await drawer.locator(".bars [data-feature=match]").waitFor();
assert.ok((await drawer.getByRole("list", { name: "Found by" }).getByRole("listitem").allInnerTexts()).includes("The words"));
assert.match(await drawer.innerText(), /Place 2 of/);
const stages = await drawer.locator("[data-stage]").evaluateAll((steps) => steps.map((step) => step.dataset.stage));
for (const stage of ["parse", "plan", "candidates", "sources", "rank", "page", "load"]) assert.ok(stages.includes(stage), stage);
await shot(page, "5-why");
await page.keyboard.press("Escape");
await drawer.waitFor({ state: "detached" });
assert.ok(await why.evaluate((button) => button.getRootNode().activeElement === button), "the focus is back where it was");

// More of the same, below what is there.
await page.getByRole("button", { name: "Clear all" }).click();
await page.waitForFunction((n) => Number(document.querySelector("handsel-shop").shadowRoot
  .querySelector("[role=status]")?.textContent.replace(/\D/g, "")) > n, count);
const cards = page.locator("handsel-results li");
const first_page = await cards.count();
await page.getByRole("button", { name: "Show more" }).click();
await page.waitForFunction((n) => document.querySelector("handsel-shop").shadowRoot
  .querySelector("handsel-results").shadowRoot.querySelectorAll("li").length > n, first_page);
// Reasons also for what is on the second page.
await page.getByRole("button", { name: /^Why this/ }).nth(first_page + 3).click();
await drawer.locator(".bars [data-feature]").first().waitFor();
await drawer.getByRole("button", { name: "Close" }).click();
await drawer.waitFor({ state: "detached" });
const ids = await page.locator("handsel-results a").evaluateAll((links) => links.map((link) => link.dataset.id));
assert.equal(new Set(ids).size, ids.length, "no listing is shown twice");

// A listing, and back to the same results.
const link = page.locator("handsel-results a").first();
const id = await link.getAttribute("data-id");
await link.click();
await page.locator("handsel-listing article").waitFor();
await page.getByRole("button", { name: /Favourite/ }).click();
await page.getByRole("button", { name: "Add to basket" }).click();
await page.waitForResponse((response) => response.url().endsWith("/v1/events"));
await shot(page, "6-listing");
await page.goBack();
await page.locator("handsel-results li").first().waitFor();
assert.equal(await page.locator("handsel-results a").first().getAttribute("data-id"), id, "back shows the same results");

// The search says who asks, until the switch forbids it; the browser remembers that.
const last = () => searches.filter((search) => search.limit > 0).at(-1);
assert.ok(last().session_id && last().user_id && last().personalise === undefined, JSON.stringify(last()));
const personal = page.getByRole("switch", { name: "Personal results" });
assert.equal(await personal.getAttribute("aria-checked"), "true");
const asked_again = page.waitForRequest((request) => request.url().endsWith("/v1/search"));
await personal.click();
const plain = JSON.parse((await asked_again).postData());
assert.equal(plain.personalise, false);
assert.ok(!("session_id" in plain) && !("user_id" in plain), "nor does it say who asks");
await page.reload();
await page.locator("handsel-results li").first().waitFor();
assert.equal(await personal.getAttribute("aria-checked"), "false");
assert.equal(last().personalise, false);
const asked_personally = page.waitForRequest((request) => request.url().endsWith("/v1/search"));
await personal.click();
assert.ok(JSON.parse((await asked_personally).postData()).session_id, "it says so again");

// What was looked at counts in the next search.
await field.fill("boho");
await field.press("Enter");
await page.getByText("ordered for this session").waitFor();
await shot(page, "6-session");

// A slip of the finger is put right, and said so.
await field.fill("linne aprn");
await field.press("Enter");
await page.getByText("Showing results for").waitFor();
await shot(page, "7-corrected");
await page.getByRole("link", { name: /instead/ }).click();
await page.getByText("Showing results for").waitFor({ state: "detached" });

// Nothing found is said kindly, with the words that no listing has.
await field.fill("qqzzxxvvkk wwyyqqpp");
await field.press("Enter");
await page.getByText("Nothing found").waitFor();
await page.getByText("no listing has the word 'qqzzxxvvkk'").waitFor();
await page.getByText("no listing has the word 'wwyyqqpp'").waitFor();
await page.getByText("Try fewer words, or more common ones.").waitFor();
assert.equal(await page.getByRole("link", { name: "Remove all filters" }).count(), 0, "there is none to remove");
await shot(page, "7-nothing");

// Where it is the filters that leave nothing, the page says what it gave up by itself, and one click opens the rest.
await page.goto(`${address}/#/?q=linen+apron&price=1..2`);
await page.getByText("No listing passes all of the filters.").waitFor();
await page.getByText("too few listings have all of the words").waitFor();
await shot(page, "7-nothing-filtered");
await page.getByRole("link", { name: "Remove all filters" }).click();
await page.locator("handsel-results li").first().waitFor();
assert.ok(await found() > 0 && !page.url().includes("price="), page.url());

// Little found: the page names what finds more, with the reason, and that is no promise only.
await page.goto(`${address}/#/?q=linen+apron&sort=price:asc`);
const suggested = page.getByRole("region", { name: "Suggestions" });
await suggested.getByText("'linen' was left out").waitFor();
const few = await found();
assert.ok(few > 0 && few < 5, `${few} found`);
await suggested.getByRole("link", { name: "apron", exact: true }).click();
await page.getByRole("heading", { level: 1 }).filter({ hasText: /^\W*apron/ }).waitFor();
await page.waitForFunction((n) => Number(document.querySelector("handsel-shop").shadowRoot
  .querySelector("[role=status]")?.textContent.replace(/\D/g, "")) > n, few);
await page.waitForTimeout(700); // the last batch leaves after half a second

const phone = await visitor(390, 844);
await phone.goto(`${address}/#/?q=mug`);
await phone.locator("handsel-results li").first().waitFor();
await shot(phone, "8-phone");
await phone.getByRole("button", { name: /^Why this/ }).first().click();
await phone.getByRole("dialog").locator(".bars li").first().waitFor();
await phone.waitForTimeout(300); // the drawer slides in
await shot(phone, "8-phone-why");
assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390, "nor is the drawer");
await phone.getByRole("button", { name: "Close" }).click();
await phone.locator("handsel-results a").nth(1).click();
await phone.locator("handsel-listing article").waitFor();
await shot(phone, "9-phone-listing");
await phone.goto(`${address}/#/`);
await phone.locator("handsel-results li").first().waitFor();
await shot(phone, "9-phone-home");
await phone.getByRole("button", { name: "Filters" }).click();
await shot(phone, "9-phone-filters");
assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390, "nothing is wider than the phone");

const night = await visitor(1280, 900, "dark");
await night.goto(`${address}/#/?q=boho+wall+hanging`);
await night.locator("handsel-results li").first().waitFor();
await shot(night, "10-dark");
await night.getByRole("button", { name: /^Why this/ }).first().click();
await night.getByRole("dialog").locator(".bars li").first().waitFor();
await night.waitForTimeout(300);
await shot(night, "10-dark-why");
await night.keyboard.press("Escape");
await night.locator("handsel-results a").first().click();
await night.locator("handsel-listing article").waitFor();
await shot(night, "10-dark-listing");

// A listing that is not there says so.
const expected = problems.length;
await night.goto(`${address}/#/listing/no-such-listing`);
await night.getByRole("alert").waitFor();
await shot(night, "11-error");
problems.length = expected; // the browser reports the 404, which is what was asked for
await page.waitForTimeout(700);

const kinds = new Set(sent.filter((event) => event.kind === "search" || event.listing_id === id).map((event) => event.kind));
const filtered = sent.filter((event) => event.kind === "search" && event.filter);
assert.ok(filtered.length > 0 && filtered.every((event) => event.sort), "searches say what they were filtered and sorted by");
for (const kind of ["search", "click", "view", "dwell", "favourite", "cart"]) {
  assert.ok(kinds.has(kind), `a '${kind}' event was sent; there are ${[...kinds].join(", ")}`);
}
const click = sent.find((event) => event.kind === "click");
assert.ok(click.query_id && click.position === 0, "a click says which answer it followed, and where");

// The server knows them.
const ready = await (await fetch(`${address}/health/ready`)).json();
await browser.close();
assert.deepEqual(problems, [], "no errors in the browser");
console.log(JSON.stringify({ events_sent: sent.length, total, ready }));
