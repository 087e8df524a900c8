// From the steps that the server explains to what a person can read: why one listing stands
// where it stands, and what each step did. Names that this file does not know (an older or
// newer server) are shown as they are.
import type { ExplainStep, SearchAnswer } from "./api";

// What a feature said of a listing. `share` is its part of the score: value x weight; undefined
// where the feature has no weight of its own.
export interface Reason {
  name: string;
  label: string;
  value: number;
  share?: number;
}

export interface Reasons {
  place: number; // from 0
  score: number;
  foundBy: string[];
  spoke: Reason[]; // with a share, the largest first
  known: Reason[]; // without
}

const kLabels: Record<string, string> = {
  match: "The words, by how rare they are",
  title_pairs: "Words side by side in the title",
  exact_title: "The title is the query",
  stated_absence: "Says that it is without",
  taxonomy_prior: "In the categories of the best",
  feedback_terms: "Shares words with the best",
  similarity: "Near the query in meaning",
  walk: "Chosen by people who searched alike",
  taxonomy_intent: "In the category that is meant",
  attribute_intent: "Has the traits that are meant",
  attribute_agreement: "Has all the traits that are named",
  attribute_conflict: "Has other traits than those named",
  attribute_tagged: "Has the traits that are named in its tags",
  similarity_feedback: "Like the best in meaning",
  thing_similarity: "In what the thing is, behind the nearest",
  word_similarity_least: "In its weakest word, behind the nearest",
  word_similarity_mean: "Word by word, behind the nearest",
  session_attributes: "Has traits that you looked at",
  session_odds: "Odds by traits that you looked at",
  session_taxonomy: "In categories that you looked at",
  session_price: "At prices that you looked at",
  session_similarity: "Like what you looked at",
  session_seen: "Seen before in this session",
  thing_share: "Share of the thing's name in the title",
  name_asked: "Is called just what was asked for",
  name_found: "Calls itself what was asked for",
  name_beside: "Share of its own name that was not asked for",
  words_found: "Share of the words that it has",
  match_share: "Share of the words that match",
  title_share: "Share of the words in the title",
  title_words: "Words in the title",
  query_words: "Words in the query",
  query_click_rate: "Clicks after this query",
  query_purchases: "Purchases after this query",
  listing_click_rate: "Clicks when shown",
  listing_purchase_rate: "Purchases when clicked",
  listing_shown: "How often it was shown",
  price: "Price, as a logarithm",
  price_position: "Price among those of its kind",
  rating: "Rating",
  rating_count: "Number of ratings",
  favourites: "Favourites",
  age_days: "Age",
};

const kSources: Record<string, string> = {
  words: "The words",
  vectors: "Meaning",
  walks: "What people chose",
};

interface RankedHit {
  id: string;
  place: number;
  score: number;
  found_by?: string[];
  features: Record<string, number | null>;
}

interface RankDetail {
  weights: Record<string, number>;
  hits: RankedHit[];
}

const label = (name: string) => kLabels[name] ?? name.replace(/_/g, " ");

// Undefined where the answer does not have the listing.
export function reasonsOf(answer: SearchAnswer, id: string): Reasons | undefined {
  const detail = answer.explain?.find(({ stage }) => stage === "rank")?.detail as RankDetail | undefined;
  const hit = detail?.hits.find((ranked) => ranked.id === id);
  if (!detail || !hit) return undefined;
  const all: Reason[] = [];
  for (const [name, value] of Object.entries(hit.features)) {
    const weight = detail.weights[name] ?? 0;
    if (value === null || value === 0 || name === "untrained") continue; // the last is the sum of the others
    all.push({ name, label: label(name), value, ...(weight === 0 ? {} : { share: value * weight }) });
  }
  const spoke = all.filter(({ share }) => share !== undefined).sort((a, b) => Math.abs(b.share ?? 0) - Math.abs(a.share ?? 0));
  const known = all.filter(({ share }) => share === undefined);
  return { place: hit.place, score: hit.score, foundBy: (hit.found_by ?? []).map((source) => kSources[source] ?? source), spoke, known };
}

const count = (value: unknown) => Number(value ?? 0).toLocaleString();

// One sentence on what the step did; empty for steps that are not known here.
export function saidOf({ stage, detail }: ExplainStep): string {
  const said = detail as Record<string, never>;
  switch (stage) {
    case "parse": {
      const words = (said.words as { surface: string }[] | undefined)?.map(({ surface }) => `“${surface}”`) ?? [];
      return words.length === 0 ? "No words" : `Read ${words.join(", ")}`;
    }
    case "plan":
      return said.corrected_query ? `Searched for “${said.corrected_query as string}” instead` : "Decided what to look for";
    case "candidates":
      return `${count(said.total)} of ${count(said.listings)} listings have ${said.match === "any" ? "any of the words" : "the words"}`;
    case "sources": {
      const near = said.vectors as { found: number } | undefined;
      const walked = said.walks as { found: number } | undefined;
      return `Meaning found ${count(near?.found)}, what people chose ${count(walked?.found)}; ${count(said.not_matched_by_words)} of them not by the words`;
    }
    case "rank":
      return "Weighed the best against each other";
    case "page":
      return `Cut a page of ${count(said.shown)} from them`;
    case "load":
      return `Fetched ${count(said.loaded)} listings`;
    default:
      return "";
  }
}
