// The HTTP API as the pages use it. Types follow api/openapi.json.

export interface Listing {
  id: string;
  shop_id?: string;
  shop_name?: string;
  title: string;
  description?: string;
  url?: string;
  tags?: string[];
  materials?: string[];
  attributes?: Record<string, string | string[]>;
  taxonomy_path?: string[];
  images?: { url: string; alt_text?: string }[];
  price?: number;
  currency?: string;
  quantity?: number;
  state?: string;
  rating?: number;
  rating_count?: number;
  favourites_count?: number;
  ships_from?: string;
  personalizable?: boolean;
}

export interface Hit {
  listing: Listing;
  score: number;
  highlights?: { title?: string; description?: string };
}

export interface Facet {
  field: string;
  distinct: number;
  values: { value: string; count: number }[];
}

export interface ExplainStep {
  stage: string;
  ms: number;
  detail: unknown;
}

// A value that would narrow the answer down well.
export interface Chip {
  field: string;
  value: string;
  count: number;
  filter: string;
}

// What to search instead; it finds more.
export interface Suggestion {
  query: string;
  reason: string;
}

export interface SearchAnswer {
  query_id: string;
  total: number;
  total_exact: boolean;
  relaxed: boolean;
  by_meaning: number;
  personalised: boolean;
  learned: boolean;
  corrected_query: string | null;
  complaints: string[];
  hits: Hit[];
  facets: Facet[];
  notes: string[];
  chips: Chip[];
  suggestions: Suggestion[];
  next_cursor: string | null;
  took_ms: number;
  explain?: ExplainStep[];
}

export interface FacetRequest {
  field: string;
  limit?: number;
  bounds?: number[];
}

export interface SearchQuestion {
  q: string;
  filter?: string;
  facets?: FacetRequest[];
  sort?: string;
  limit?: number;
  cursor?: string;
  spell?: boolean;
  explain?: boolean;
  chips?: boolean;
  per_shop?: number;
  session_id?: string;
  user_id?: string;
  personalise?: boolean;
}

export type EventKind = "search" | "impression" | "click" | "view" | "favourite" | "cart" | "dwell" | "hide";

export interface ShopEvent {
  id?: string;
  kind: EventKind;
  time_ms?: number;
  user_id?: string;
  session_id?: string;
  query_id?: string;
  query?: string;
  filter?: string;
  sort?: string;
  listing_id?: string;
  surface?: string;
  position?: number;
  shown?: string[];
  offset?: number;
  quantity?: number;
  price?: number;
  currency?: string;
  dwell_ms?: number;
}

// RFC 9457.
interface Problem {
  title?: string;
  detail?: string;
}

export class Api {
  constructor(private readonly endpoint: string, private readonly key: string) {}

  search(question: SearchQuestion, signal?: AbortSignal): Promise<SearchAnswer> {
    return this.json("/v1/search", { method: "POST", body: JSON.stringify(question), signal });
  }

  async searchMany(searches: SearchQuestion[], signal?: AbortSignal): Promise<SearchAnswer[]> {
    const init = { method: "POST", body: JSON.stringify({ searches }), signal };
    return (await this.json<{ answers: SearchAnswer[] }>("/v1/multi-search", init)).answers;
  }

  async complete(q: string, signal?: AbortSignal): Promise<string[]> {
    const path = `/v1/complete?limit=8&q=${encodeURIComponent(q)}`;
    const answer = await this.json<{ completions: { text: string }[] }>(path, { signal });
    return answer.completions.map((completion) => completion.text);
  }

  listing(id: string, signal?: AbortSignal): Promise<Listing> {
    return this.json(`/v1/listings/${encodeURIComponent(id)}`, { signal });
  }

  // Survives the page being left.
  async send(events: ShopEvent[]): Promise<void> {
    await this.json("/v1/events", { method: "POST", body: JSON.stringify(events), keepalive: true });
  }

  private async json<T>(path: string, init: RequestInit): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (init.body) headers["Content-Type"] = "application/json";
    if (this.key) headers["X-API-Key"] = this.key;
    const response = await fetch(this.endpoint + path, { ...init, headers });
    if (!response.ok) {
      const problem = (await response.json().catch(() => ({}))) as Problem;
      throw new Error(problem.detail ?? problem.title ?? `The server answered ${response.status}.`);
    }
    return (await response.json()) as T;
  }
}
