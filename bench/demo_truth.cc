// Is search good where the truth is known? On a data folder that 'handsel demo' filled and
// 'handsel train' taught.
//
//   bench_demo_truth --data DIR [--queries 500] [--seed 7] [--demo-seed 1] [--naive ID]
//                    [--debiased ID] [--sessions 0]
//
// Orders: NDCG@10 in true relevance of BM25F over the words as they were typed, of the words with
// spelling and their features, of what needs no training, of the learned ranker, each beside the
// first on the same queries. A listing gains
// 2^(4 relevance) - 1 (Burges et al. 2005, "Learning to rank using gradient descent", with
// relevance on five grades); 'linear' gains are the relevance itself. The ideal is over all
// listings. Queries are drawn by popularity, with a seed that no session uses, each text once.
// Bands: head are the texts that the first third of the log's searches went to, torso the
// second, tail the rest; of the tail, 'unasked' are those that the log does not have.
//
// Rankers: rank correlation of scores and true relevance over the candidates of each query, and
// NDCG@10 as above, of the debiased ranker (--debiased; what serves otherwise) and of one that was trained with
// --ignore-position-bias (--naive).
//
// Sessions (--sessions above 0 writes their clicks into the data folder): three clicks on one
// style, then another query; the share of the style on its page, and what the page is worth in true
// relevance of the words alone, beside the same request with personalise = false.
//
// The clock starts at the demo's own present, where its events end. Lines of JSON.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "analysis/text/normalised_query.h"
#include "app/demo/demo.h"
#include "app/engine/engine.h"
#include "app/engine/learned_views.h"
#include "base/core/clock.h"
#include "base/core/hash.h"
#include "base/math/statistics.h"
#include "base/storage/artefact_store.h"
#include "harness.h"
#include "proof/evaluate/bands.h"
#include "proof/evaluate/metrics.h"
#include "ranking/features/matrix.h"
#include "ranking/learning/propensities.h"
#include "ranking/pipeline/rank.h"
#include "truth_measures.h"

namespace {

using namespace handsel;
using bench::Arguments;
using bench::need;
using bench::Report;

constexpr std::size_t kResamples = 10'000;
constexpr std::uint64_t kBootstrapSeed = 1;
constexpr std::size_t kPlaces = 10;
constexpr std::size_t kClicks = 3;

enum Order : std::size_t { kWords, kTextFeatures, kMeaning, kRanker, kServed, kBest, kOrders };
constexpr std::array<std::string_view, kOrders> kOrderNames = {"BM25F alone",
                                                               "words and spelling, nothing trained",
                                                               "words, meaning and walks, nothing trained",
                                                               "learned ranker",
                                                               "the page that is served",
                                                               "the best of the candidates"};
enum Gains : std::size_t { kExponential, kLinear, kGains };
constexpr std::array<std::string_view, kGains> kGainNames = {"exponential", "linear"};

// The stage `words` of ranking/features/matrix.h.
constexpr std::array<std::pair<std::string_view, double>, 6> kTextWeights = {{{"match", 1.0},
                                                                              {"title_pairs", 0.15},
                                                                              {"exact_title", 0.5},
                                                                              {"stated_absence", 2.0},
                                                                              {"taxonomy_prior", 0.3},
                                                                              {"feedback_terms", 0.2}}};

// Counts decay and listings age: what is measured is the moment at which the log ends.
class DemoClock final : public Clock {
 public:
  explicit DemoClock(std::int64_t from_ms) : from_ms_(from_ms) {}
  std::int64_t now_ms() const override { return from_ms_ + static_cast<std::int64_t>(since_.elapsed_ms()); }

 private:
  const std::int64_t from_ms_;
  const Stopwatch since_;
};

double gain_of(double relevance, Gains gains) {
  return gains == kLinear ? relevance : std::exp2(4 * relevance) - 1;
}

// The marketplace that the folder was filled from.
struct Truth {
  Truth(const Engine& engine, demo::Marketplace drawn) : market(std::move(drawn)) {
    const std::string first = demo::Marketplace::listing_id(0);
    if (need(engine.listing(first)).title != market.listing(0).title)
      bench::stop("the data folder is not from a demo of --demo-seed");
    for (std::uint64_t i = 0; i < market.options().listings; ++i) traits.push_back(market.traits(i));
  }

  std::vector<double> relevances(const demo::Query& query) const {
    std::vector<double> out(traits.size());
    for (std::size_t i = 0; i < traits.size(); ++i) out[i] = market.relevance(query.intent, traits[i]);
    return out;
  }
  std::uint64_t number(const std::string& id) const {
    const auto found = market.listing_number(id);
    if (!found) bench::stop("the data folder has a listing that the demo did not make: " + id);
    return *found;
  }

  demo::Marketplace market;
  std::vector<demo::Traits> traits;
};

// --- how often queries were asked ---

class Bands {
 public:
  explicit Bands(const Engine& engine) {
    need(engine.visit_events([&](const events::Event& event) {
      if (event.kind == events::EventKind::kSearch) bands_.add(text::normalised_query(event.query));
      return true;
    }));
    bands_.finish();
  }

  std::vector<std::string> of(const std::string& query) const {
    const std::string band(bands_.of(text::normalised_query(query)));
    if (band == "unasked") return {"all", "tail", band};
    return {"all", band};
  }
  std::string describe() const {
    return fmt::format("head: asked {} times or more, torso {}", bands_.head_from(), bands_.torso_from());
  }

 private:
  evaluate::QueryBands bands_;
};

// --- orders ---

std::size_t column_of(const search::CandidateRows& rows, std::string_view name) {
  const auto found = std::ranges::find(rows.names, name);
  if (found == rows.names.end()) bench::stop(fmt::format("there is no feature '{}'", name));
  return static_cast<std::size_t>(found - rows.names.begin());
}

std::vector<double> column(const search::CandidateRows& rows, std::string_view name) {
  std::vector<double> values;
  const std::size_t at = column_of(rows, name);
  for (std::size_t i = 0; i < rows.ids.size(); ++i) {
    const double value = rows.values[i * rows.names.size() + at];
    values.push_back(std::isnan(value) ? 0 : value);
  }
  return values;
}

std::vector<double> text_scores(const search::CandidateRows& rows) {
  std::vector<double> sum(rows.ids.size());
  for (const auto& [name, weight] : kTextWeights) {
    const std::vector<double> values = column(rows, name);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * values[i];
  }
  return sum;
}

// Best first; equal ones by a hash of the id, as the index does, whatever order they came in.
std::vector<std::string> ordered(const search::CandidateRows& rows, std::span<const double> scores) {
  std::vector<std::size_t> order(rows.ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(-scores[i], hash64(rows.ids[i])); });
  std::vector<std::string> ids;
  for (const std::size_t i : std::span(order).first(std::min(order.size(), kPlaces))) ids.push_back(rows.ids[i]);
  return ids;
}

struct Answers {
  search::CandidateRows rows;  // of words, meaning and walks together
  std::array<std::vector<std::string>, kOrders> orders;
};

Answers answer(const Engine& engine, const demo::Query& query) {
  Answers out;
  search::SearchRequest request{.query = query.text, .language = query.language, .personalise = false};
  out.rows = need(engine.candidate_rows(request));
  out.orders[kMeaning] = ordered(out.rows, column(out.rows, features::kUntrained));
  out.orders[kRanker] = out.rows.ids;
  out.orders[kRanker].resize(std::min(out.rows.ids.size(), kPlaces));
  for (const search::SearchHit& hit : need(engine.search(request)).hits)
    if (out.orders[kServed].size() < kPlaces) out.orders[kServed].push_back(hit.listing.id);
  request.meaning = false;
  const search::CandidateRows by_words = need(engine.candidate_rows(request));
  out.orders[kTextFeatures] = ordered(by_words, text_scores(by_words));
  request.spell = false;
  const search::CandidateRows as_typed = need(engine.candidate_rows(request));
  out.orders[kWords] = ordered(as_typed, column(as_typed, features::kMatch));
  return out;
}

// Of the first places of an order, beside the best that all listings allow.
double ndcg_of(const std::vector<std::string>& order, const Truth& truth, const std::vector<double>& relevances,
               Gains gains) {
  std::vector<double> best(std::min(kPlaces, relevances.size()));
  std::ranges::partial_sort_copy(relevances, best, std::greater<>());
  evaluate::JudgedRanking ranking;
  for (const double relevance : best) ranking.ideal.push_back(gain_of(relevance, gains));
  for (const std::string& id : order) ranking.gains.push_back(gain_of(relevances[truth.number(id)], gains));
  return evaluate::ndcg(ranking, kPlaces).value_or(0);
}

// Of each query its value by gains and order.
struct Band {
  std::array<std::array<std::vector<double>, kOrders>, kGains> ndcg;
};

class OrderMeasure {
 public:
  void add(const Truth& truth, const std::vector<std::string>& bands, const Answers& answers,
           const std::vector<double>& relevances) {
    for (std::size_t g = 0; g < kGains; ++g) {
      for (std::size_t o = 0; o < kOrders; ++o) {
        const double value = ndcg_of(answers.orders[o], truth, relevances, static_cast<Gains>(g));
        for (const std::string& band : bands) bands_[band].ndcg[g][o].push_back(value);
      }
    }
  }

  void print() const {
    for (const auto& [name, band] : bands_) {
      for (std::size_t g = 0; g < kGains; ++g) {
        for (std::size_t o = 0; o < kOrders; ++o) print(name, static_cast<Gains>(g), o, band.ndcg[g]);
      }
    }
  }

 private:
  static void print(const std::string& band, Gains gains, std::size_t order,
                    const std::array<std::vector<double>, kOrders>& ndcg) {
    const Interval value = bootstrap_mean(ndcg[order], kResamples, kBootstrapSeed);
    std::vector<double> differences;
    for (std::size_t i = 0; i < ndcg[order].size(); ++i) differences.push_back(ndcg[order][i] - ndcg[kWords][i]);
    const Interval difference = bootstrap_mean(differences, kResamples, kBootstrapSeed);
    const Interval ratio = bench::ratio_of_means(ndcg[order], ndcg[kWords], kResamples, kBootstrapSeed);
    Report("handsel", "truth: orders")
        .text("band", band)
        .text("gains", kGainNames[gains])
        .text("order", kOrderNames[order])
        .number("queries", static_cast<double>(ndcg[order].size()))
        .number("ndcg", value.estimate)
        .number("low", value.low)
        .number("high", value.high)
        .number("difference", difference.estimate)
        .number("difference_low", difference.low)
        .number("difference_high", difference.high)
        .number("ratio", ratio.estimate)
        .number("ratio_low", ratio.low)
        .number("ratio_high", ratio.high)
        .print();
  }

  std::map<std::string, Band> bands_;
};

// --- rankers with and without the bias of places ---

class RankerMeasure {
 public:
  RankerMeasure(const storage::ArtefactStore& store, std::string debiased, const std::string& naive) {
    if (debiased.empty()) debiased = need(store.promoted(kRankerModel)).value_or("");
    if (!debiased.empty()) models_.emplace_back("debiased", load(store, debiased));
    if (!naive.empty()) models_.emplace_back("naive", load(store, naive));
  }

  void add(const Truth& truth, const search::CandidateRows& rows, const std::vector<double>& relevances) {
    std::vector<double> truths;
    for (const std::string& id : rows.ids) truths.push_back(relevances[truth.number(id)]);
    std::map<std::string, std::vector<double>> scores = {{"BM25F alone", column(rows, features::kMatch)},
                                                         {"nothing trained", column(rows, features::kUntrained)}};
    features::FeatureMatrix matrix{.names = rows.names, .weights = {}, .values = {}};
    matrix.values.assign(rows.values.begin(), rows.values.end());
    for (const auto& [name, model] : models_) scores[name] = model.score(matrix);
    for (const auto& [name, of_rows] : scores) {
      // A query of which all candidates are as good says nothing, of any order.
      spearman_[name].push_back(bench::spearman(of_rows, truths).value_or(0));
      kendall_[name].push_back(bench::kendall(of_rows, truths).value_or(0));
      ndcg_[name].push_back(ndcg_of(ordered(rows, of_rows), truth, relevances, kExponential));
    }
  }

  void print() const {
    print("spearman", spearman_);
    print("kendall", kendall_);
    print("NDCG@10", ndcg_);
  }

 private:
  using Values = std::map<std::string, std::vector<double>>;

  static pipeline::RankModel load(const storage::ArtefactStore& store, const std::string& id) {
    const storage::Artefact artefact = need(store.open(kRankerModel, id));
    const auto file = artefact.files.find(std::string(kRankerFile));
    if (file == artefact.files.end()) bench::stop("no trees in ranker " + id);
    return need(pipeline::RankModel::create(need(trees::TreeEnsemble::parse(file->second->bytes()))));
  }

  static void print(std::string_view measure, const Values& values) {
    const auto naive = values.find("naive");
    for (const auto& [name, of_queries] : values) {
      const Interval value = bootstrap_mean(of_queries, kResamples, kBootstrapSeed);
      Report report("handsel", "truth: rankers");
      report.text("measure", measure)
          .text("order", name)
          .number("queries", static_cast<double>(of_queries.size()))
          .number("mean", value.estimate)
          .number("low", value.low)
          .number("high", value.high);
      if (naive != values.end()) {
        std::vector<double> differences;
        for (std::size_t i = 0; i < of_queries.size(); ++i) differences.push_back(of_queries[i] - naive->second[i]);
        const Interval difference = bootstrap_mean(differences, kResamples, kBootstrapSeed);
        report.number("above_naive", difference.estimate)
            .number("above_naive_low", difference.low)
            .number("above_naive_high", difference.high);
      }
      report.print();
    }
  }

  std::vector<std::pair<std::string, pipeline::RankModel>> models_;
  Values spearman_;
  Values kendall_;
  Values ndcg_;
};

void measure_propensities(const storage::ArtefactStore& store, const demo::Marketplace& market) {
  const auto id = need(store.promoted(kPropensitiesModel));
  if (!id) return;
  const storage::Artefact artefact = need(store.open(kPropensitiesModel, *id));
  const learning::Propensities learned = need(learning::Propensities::parse(artefact.files.begin()->second->bytes()));
  for (std::size_t place = 0; place < std::min(learned.ranges, learning::kSinglePlaces); ++place) {
    Report("handsel", "truth: propensities")
        .number("place", static_cast<double>(place + 1))
        .number("truth", market.examination(place) / market.examination(0))
        .number("learned", learned.at(static_cast<std::int64_t>(place)))
        .number("log_error", learned.log_errors[place])
        .print();
  }
}

// --- sessions ---

struct Session {
  std::string id;
  std::int16_t style = 0;
  demo::Query next;
};

std::vector<std::uint64_t> page_of(const Engine& engine, const Truth& truth, const search::SearchRequest& request) {
  std::vector<std::uint64_t> page;
  for (const search::SearchHit& hit : need(engine.search(request)).hits) page.push_back(truth.number(hit.listing.id));
  return page;
}

class SessionMeasure {
 public:
  SessionMeasure(Engine& engine, const Truth& truth, std::uint64_t seed)
      : engine_(engine), truth_(truth), rng_(Rng(seed).split(3)) {}

  void run(std::size_t count) {
    std::vector<demo::Query> queries;
    for (demo::Query& query : truth_.market.queries(6 * count, rng_())) {
      if (query.intent.style == demo::kAny) queries.push_back(std::move(query));
    }
    std::vector<Session> sessions;
    for (std::size_t i = 0; i + 1 < queries.size() && sessions.size() < count; i += 2) {
      if (auto session = click(queries[i], queries[i + 1], sessions.size())) sessions.push_back(std::move(*session));
    }
    need(engine_.catch_up_learned());
    std::vector<double> before, after, lifts, relevance_changes;
    std::size_t personalised = 0;
    for (const Session& session : sessions) {
      search::SearchRequest request{
          .query = session.next.text, .language = session.next.language, .personalise = false};
      const std::vector<double> relevances = truth_.relevances(session.next);
      const std::vector<std::uint64_t> plain = page_of(engine_, truth_, request);
      request.session_id = session.id;
      request.personalise = true;
      personalised += need(engine_.search(request)).personalised;
      const std::vector<std::uint64_t> own = page_of(engine_, truth_, request);
      before.push_back(share(plain, session.style));
      after.push_back(share(own, session.style));
      lifts.push_back(after.back() - before.back());
      relevance_changes.push_back(relevance(own, relevances) - relevance(plain, relevances));
    }
    const Interval relevance_change = bootstrap_mean(relevance_changes, kResamples, kBootstrapSeed);
    const Interval lift = bootstrap_mean(lifts, kResamples, kBootstrapSeed);
    const Interval ratio = bench::ratio_of_means(after, before, kResamples, kBootstrapSeed);
    Report("handsel", "truth: sessions")
        .number("sessions", static_cast<double>(sessions.size()))
        .number("personalised", static_cast<double>(personalised))
        .number("share_without", mean(before))
        .number("share_with", mean(after))
        .number("lift", lift.estimate)
        .number("lift_low", lift.low)
        .number("lift_high", lift.high)
        .number("ratio", ratio.estimate)
        .number("ratio_low", ratio.low)
        .number("ratio_high", ratio.high)
        .number("ndcg_change", relevance_change.estimate)
        .number("ndcg_change_low", relevance_change.low)
        .number("ndcg_change_high", relevance_change.high)
        .print();
  }

 private:
  // What a page is worth to somebody who means what they typed, whatever they like.
  double relevance(const std::vector<std::uint64_t>& page, const std::vector<double>& relevances) const {
    std::vector<std::string> ids;
    for (const std::uint64_t number : page) ids.push_back(demo::Marketplace::listing_id(number));
    return ndcg_of(ids, truth_, relevances, kExponential);
  }

  // Nothing where no style stands kClicks times on the page.
  std::optional<Session> click(const demo::Query& first, const demo::Query& next, std::size_t number) {
    const auto page = page_of(engine_, truth_, {.query = first.text, .language = first.language, .personalise = false});
    std::map<std::int16_t, std::vector<std::size_t>> styles;
    for (std::size_t place = 0; place < page.size(); ++place) styles[truth_.traits[page[place]].style].push_back(place);
    std::erase_if(styles, [](const auto& style) { return style.second.size() < kClicks; });
    if (styles.empty()) return std::nullopt;
    const auto chosen = std::next(styles.begin(), static_cast<std::ptrdiff_t>(rng_.below(styles.size())));
    Session session{.id = fmt::format("truth-{:x}", rng_()), .style = chosen->first, .next = next};
    write(session, first, page, chosen->second, number);
    return session;
  }

  void write(const Session& session, const demo::Query& query, const std::vector<std::uint64_t>& page,
             std::span<const std::size_t> places, std::size_t number) {
    std::vector<events::Event> written;
    events::Event event;
    event.session_id = session.id;
    event.query_id = "q-" + session.id;
    event.surface = "search";
    event.kind = events::EventKind::kSearch;
    event.query = query.text;
    event.time_ms = truth_.market.options().now_ms - 60'000 + static_cast<std::int64_t>(number);
    for (const std::uint64_t listing : page) event.shown.push_back(demo::Marketplace::listing_id(listing));
    event.id = "e-" + session.id;
    written.push_back(event);
    event.kind = events::EventKind::kClick;
    event.shown.clear();
    event.query.clear();
    for (const std::size_t place : places.first(kClicks)) {
      event.id = fmt::format("e-{}-{}", session.id, place);
      event.listing_id = demo::Marketplace::listing_id(page[place]);
      event.position = static_cast<std::int32_t>(place);
      event.time_ms += 10'000;
      written.push_back(event);
    }
    for (const WriteStatus& status : need(engine_.put_events(written)))
      if (status.error) bench::stop(status.error->message);
  }

  double share(const std::vector<std::uint64_t>& page, std::int16_t style) const {
    if (page.empty()) return 0;
    const auto of_style = std::ranges::count_if(page, [&](std::uint64_t n) { return truth_.traits[n].style == style; });
    return static_cast<double>(of_style) / static_cast<double>(page.size());
  }

  Engine& engine_;
  const Truth& truth_;
  Rng rng_;
};

void run(const Arguments& arguments) {
  const demo::DemoOptions defaults;
  const DemoClock clock(defaults.now_ms);
  const std::string folder = arguments.text("data");
  const auto engine = need(Engine::open({.folder = folder, .create = false}, clock));
  need(engine->catch_up_learned());
  const auto seed = static_cast<std::uint64_t>(arguments.number("seed", 7));
  const Truth truth(
      *engine, need(demo::Marketplace::create({.seed = static_cast<std::uint64_t>(arguments.number("demo-seed", 1)),
                                               .listings = engine->health().listings})));
  const storage::ArtefactStore store(real_file_system(), clock, folder + "/models");
  const Bands bands(*engine);
  OrderMeasure orders;
  RankerMeasure rankers(store, arguments.text("debiased", ""), arguments.text("naive", ""));
  for (const demo::Query& query :
       truth.market.queries(static_cast<std::size_t>(arguments.number("queries", 500)), seed)) {
    const std::vector<double> relevances = truth.relevances(query);
    Answers answers = answer(*engine, query);
    std::vector<double> of_candidates;
    for (const std::string& id : answers.rows.ids) of_candidates.push_back(relevances[truth.number(id)]);
    answers.orders[kBest] = ordered(answers.rows, of_candidates);
    orders.add(truth, bands.of(query.text), answers, relevances);
    rankers.add(truth, answers.rows, relevances);
  }
  Report("handsel", "truth: folder")
      .number("listings", static_cast<double>(engine->health().listings))
      .number("events", static_cast<double>(engine->health().events))
      .number("seed", static_cast<double>(seed))
      .text("bands", bands.describe())
      .print();
  orders.print();
  rankers.print();
  measure_propensities(store, truth.market);
  const auto sessions = static_cast<std::size_t>(arguments.number("sessions", 0));
  if (sessions > 0) SessionMeasure(*engine, truth, seed).run(sessions);
}

}  // namespace

int main(int count, char** values) {
  run(Arguments(count, values));
}
