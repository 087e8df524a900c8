// What the page shows is in its address: a search can be bookmarked, shared, and gone back to.
//
//   #/?q=linen+apron&taxonomy=Home&attr.color=ivory&price=10..25&sort=price:asc
//   #/listing/ID

export interface SearchState {
  q: string;
  sort: string;
  exact: boolean; // as typed, without a corrected spelling
  chosen: Map<string, Set<string>>; // by field; of price: "low..high"
}

export type Route = { page: "search"; search: SearchState } | { page: "listing"; id: string };

const kListing = "#/listing/";
const kOwn = new Set(["q", "sort", "exact"]);

export function readRoute(hash: string): Route {
  if (hash.startsWith(kListing)) return { page: "listing", id: decodeURIComponent(hash.slice(kListing.length)) };
  const params = new URLSearchParams(hash.replace(/^#\/?\??/, ""));
  const chosen = new Map<string, Set<string>>();
  for (const [name, value] of params) {
    if (kOwn.has(name)) continue;
    chosen.set(name, (chosen.get(name) ?? new Set()).add(value));
  }
  return { page: "search", search: { q: params.get("q") ?? "", sort: params.get("sort") ?? "relevance", exact: params.has("exact"), chosen } };
}

export function searchHash(search: SearchState): string {
  const params = new URLSearchParams();
  if (search.q) params.set("q", search.q);
  if (search.sort !== "relevance") params.set("sort", search.sort);
  if (search.exact) params.set("exact", "1");
  for (const [field, values] of search.chosen) {
    for (const value of values) params.append(field, value);
  }
  return `#/?${params}`;
}

export function listingHash(id: string): string {
  return kListing + encodeURIComponent(id);
}

function quoted(value: string): string {
  return `"${value.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
}

// The chosen values in the server's filter language: any of one field, all of the fields.
export function filterOf(search: SearchState): string {
  const conditions: string[] = [];
  for (const [field, values] of search.chosen) {
    if (values.size === 0) continue;
    const any = [...values].map((value) => {
      if (field === "price") {
        const [low, high] = value.split("..");
        return high ? `(price >= ${Number(low)} and price < ${Number(high)})` : `price >= ${Number(low)}`;
      }
      return `${field} = ${quoted(value)}`;
    });
    conditions.push(any.length === 1 ? any[0] : `(${any.join(" or ")})`);
  }
  return conditions.join(" and ");
}
