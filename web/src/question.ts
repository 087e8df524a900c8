// From what the address says to what the server is asked, and back to facets.
import type { Api, Facet, FacetRequest, SearchAnswer, SearchQuestion } from "./api";
import { filterOf, type SearchState } from "./state";

// Who asks, or that it must not matter.
export type Person = Pick<SearchQuestion, "session_id" | "user_id" | "personalise">;

export const kPage = 24;
export const kPriceBounds = [0, 10, 25, 50, 100, 250, 1_000_000];
const kLimitMax = 500; // of the server
const kOfOneShop = 4; // on a page; the rest of a large shop's comes on the following pages

export const kFacets: FacetRequest[] = [
  { field: "taxonomy", limit: 400 },
  { field: "price", bounds: kPriceBounds },
  { field: "attr.color", limit: 40 },
  { field: "material", limit: 40 },
  { field: "attr.style", limit: 40 },
];

export function sortOf(search: SearchState): string {
  return search.sort === "relevance" && !search.q ? "favourites:desc" : search.sort;
}

function question(search: SearchState, facets: FacetRequest[], limit: number): SearchQuestion {
  return {
    q: search.q,
    filter: filterOf(search),
    sort: sortOf(search),
    facets,
    limit,
    spell: !search.exact,
    ...(search.chosen.has("shop") ? {} : { per_shop: kOfOneShop }),
  };
}

// One page of results. The values of a field that is filtered by are counted as if it were
// not, so that a second one can be chosen beside the first.
export async function askPage(api: Api, search: SearchState, person: Person, cursor: string | undefined, signal: AbortSignal): Promise<SearchAnswer> {
  if (cursor) return api.search({ ...question(search, [], kPage), ...person, cursor }, signal);
  const page = { ...question(search, kFacets, kPage), ...person, chips: true };
  const asked = kFacets.filter(({ field }) => search.chosen.has(field));
  if (asked.length === 0) return api.search(page, signal);
  const counts = asked.map((facet) => {
    const chosen = new Map(search.chosen);
    chosen.delete(facet.field);
    return { ...question({ ...search, chosen }, [facet], 0), per_shop: undefined };
  });
  const [answer, ...others] = await api.searchMany([page, ...counts], signal);
  const wider = new Map<string, Facet>(others.flatMap((other) => other.facets.map((facet) => [facet.field, facet] as const)));
  return { ...answer, facets: answer.facets.map((facet) => wider.get(facet.field) ?? facet) };
}

// The search once more, with its reasons, as far as the listing at `position` (and somewhat
// beyond: the order may have moved since). A cursor goes on in an order that was made
// before, which has no reasons any more; so this asks from the first place.
export function askReasons(api: Api, search: SearchState, person: Person, position: number): Promise<SearchAnswer> {
  if (position < kPage) return api.search({ ...question(search, [], kPage), ...person, explain: true });
  const limit = Math.min(kLimitMax, 2 * (position + 1));
  return api.search({ ...question(search, [], limit), ...person, per_shop: undefined, explain: true });
}
