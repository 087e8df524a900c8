// An Engine that keeps everything in a map: for tests and fuzzing of the server
// alone. Searches are substring matches on the title; filters are those of the real
// language, on the columns id, tag and shop. Thread safe.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "app/engine/engine.h"
#include "ranking/query/filter_parser.h"

namespace handsel::http {

class MemoryEngine final : public Engine {
 public:
  // Called at the start of each read or write, outside the lock; set before use.
  std::function<void()> on_search = [] {};
  std::function<void()> on_write = [] {};
  std::optional<Error> write_error;
  Health state{.ready = true};

  std::vector<search::SearchRequest> searches() const {
    const std::lock_guard lock(mutex_);
    return searches_;
  }
  std::vector<events::Event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  Result<std::vector<WriteStatus>> put_listings(std::span<const catalog::Listing> listings) override {
    on_write();
    if (write_error) return std::unexpected(*write_error);
    const std::lock_guard lock(mutex_);
    std::vector<WriteStatus> statuses;
    for (const catalog::Listing& listing : listings) {
      listings_[listing.id] = listing;
      statuses.push_back({.id = listing.id});
    }
    return statuses;
  }

  Result<WriteStatus> patch_listing(std::string_view id, const catalog::ListingPatch& patch) override {
    on_write();
    const std::lock_guard lock(mutex_);
    const auto found = listings_.find(std::string(id));
    if (found == listings_.end()) return fail(Code::kNotFound, "there is no listing '{}'", id);
    if (patch.price_cents) found->second.price_cents = patch.price_cents;
    if (patch.quantity) found->second.quantity = *patch.quantity;
    if (patch.state) found->second.state = *patch.state;
    return WriteStatus{.id = std::string(id)};
  }

  Result<std::vector<WriteStatus>> delete_listings(std::span<const std::string> ids) override {
    on_write();
    const std::lock_guard lock(mutex_);
    std::vector<WriteStatus> statuses;
    for (const std::string& id : ids) {
      WriteStatus status{.id = id};
      if (listings_.erase(id) == 0) status.error = Error{Code::kNotFound, "there is no listing '" + id + "'"};
      statuses.push_back(std::move(status));
    }
    return statuses;
  }

  Result<std::vector<WriteStatus>> put_events(std::span<const events::Event> events) override {
    on_write();
    if (write_error) return std::unexpected(*write_error);
    const std::lock_guard lock(mutex_);
    std::vector<WriteStatus> statuses;
    for (const events::Event& event : events) {
      WriteStatus status{.id = event.id};
      status.duplicate = !event_ids_.insert(event.id).second;
      if (!status.duplicate) events_.push_back(event);
      statuses.push_back(std::move(status));
    }
    return statuses;
  }

  Result<void> put_shops(std::span<const catalog::Shop>) override { return {}; }
  Result<void> put_taxonomy(std::span<const catalog::TaxonomyNode>) override { return {}; }
  Result<void> put_reviews(std::span<const catalog::Review>) override { return {}; }
  Result<void> put_judgments(std::span<const decisions::Judgment>) override { return {}; }
  Result<std::vector<TrainOutcome>> train(const TrainRequest&, const TrainProgressed&, std::stop_token) override {
    return std::vector<TrainOutcome>{};
  }

  Result<catalog::Listing> listing(std::string_view id) const override {
    const std::lock_guard lock(mutex_);
    const auto found = listings_.find(std::string(id));
    if (found == listings_.end()) return fail(Code::kNotFound, "there is no listing '{}'", id);
    return found->second;
  }

  Result<search::SearchResponse> search(const search::SearchRequest& request) const override {
    on_search();
    HANDSEL_ASSIGN(const index::Filter filter, query::parse_filter(request.filter));
    HANDSEL_ASSIGN(const index::Filter key_filter, query::parse_filter(request.key_filter));
    const std::lock_guard lock(mutex_);
    searches_.push_back(request);
    search::SearchResponse response{.query_id = "q1", .total_exact = true, .took_ms = 0.25};
    response.personalised = request.personalise && !request.session_id.empty();
    for (const auto& [id, listing] : listings_) {
      if (!listing.title.contains(request.query) || !passes(filter, listing) || !passes(key_filter, listing)) continue;
      ++response.total;
      if (response.total <= request.offset || response.hits.size() >= request.limit) continue;
      response.hits.push_back(
          {.listing = listing, .score = 1.5, .title_highlighted = "<em>" + listing.title + "</em>"});
    }
    if (request.chips) {
      response.chips.push_back({.field = "tag", .value = "a\"b", .count = 3, .filter = "tag = \"a\\\"b\""});
    }
    if (response.total == 0) {
      response.notes.emplace_back("looked everywhere");
      response.suggestions.push_back({.query = "cup", .reason = "finds more"});
    }
    if (request.explain) response.explain.push_back({.stage = "parse", .ms = 0.125, .json = "{\"words\":1}"});
    return response;
  }

  std::vector<Completion> complete(std::string_view prefix, std::size_t limit) const override {
    const std::lock_guard lock(mutex_);
    std::vector<Completion> completions;
    for (const auto& [id, listing] : listings_) {
      if (completions.size() < limit && listing.title.starts_with(prefix)) completions.push_back({listing.title, 7});
    }
    return completions;
  }

  Result<void> visit_events(const std::function<bool(const events::Event&)>&) const override { return {}; }
  Result<void> visit_listings(const std::function<bool(const catalog::Listing&)>&) const override { return {}; }
  Health health() const override { return state; }
  ExperimentsInForce experiments() const override {
    const std::lock_guard lock(mutex_);
    std::set<std::string> stopped;
    for (const auto& [name, standing] : *decided_) {
      if (standing.is_stopped) stopped.insert(name);
    }
    return {.experiments = std::make_shared<const Experiments>(experiments_->without(stopped).value()),
            .trouble = std::nullopt,
            .decided = decided_};
  }
  void expose(std::span<const Assigned> assigned, const Exposed& to) const override {
    const std::lock_guard lock(mutex_);
    for (const Assigned& one : assigned) {
      exposed_.push_back(fmt::format("{} {} {} {}", one.experiment->name, one.variant->name, one.unit, to.surface));
    }
  }
  Result<void> put_experiments(std::string_view toml) override {
    HANDSEL_ASSIGN(Experiments parsed, Experiments::parse(toml, "the definitions"));
    const std::lock_guard lock(mutex_);
    experiments_ = std::make_shared<const Experiments>(std::move(parsed));
    return {};
  }
  Result<void> decide_experiment(decisions::ExperimentDecision decision) override {
    if (write_error) return std::unexpected(*write_error);
    HANDSEL_TRY(decisions::to_record(decision));
    const std::lock_guard lock(mutex_);
    if (experiments_->assignments().find(decision.experiment) == nullptr) {
      return fail(Code::kNotFound, "there is no experiment '{}'", decision.experiment);
    }
    decision.time_ms = ++decisions_;
    auto next = *decided_;
    decisions::apply(next, decision);
    decided_ = std::make_shared<const decisions::Standings>(std::move(next));
    return {};
  }
  Result<std::size_t> check_guard_rails() override { return std::size_t{0}; }
  std::vector<std::string> exposed() const {
    const std::lock_guard lock(mutex_);
    return exposed_;
  }
  bool knows_listing(std::string_view id) const override { return listing(id).has_value(); }
  Result<search::CandidateRows> candidate_rows(const search::SearchRequest&,
                                               std::span<const std::string>) const override {
    return search::CandidateRows{};
  }
  Result<void> catch_up() override { return {}; }
  Result<void> catch_up_learned() override { return {}; }
  Result<void> compact() override { return {}; }
  Result<void> backup(const std::string&) const override { return {}; }

 private:
  static bool passes(const index::Filter& filter, const catalog::Listing& listing) {
    using Op = index::Filter::Op;
    const auto child_passes = [&listing](const index::Filter& child) { return passes(child, listing); };
    const auto has = [&filter](const std::string& value) {
      return std::ranges::find(filter.values, value) != filter.values.end();
    };
    switch (filter.op) {
      case Op::kTrue:
        return true;
      case Op::kAnd:
        return std::ranges::all_of(filter.children, child_passes);
      case Op::kOr:
        return std::ranges::any_of(filter.children, child_passes);
      case Op::kNot:
        return !child_passes(filter.children.front());
      case Op::kIn:
        if (filter.field == "id") return has(listing.id);
        if (filter.field == "shop") return has(listing.shop_name);
        if (filter.field == "tag") return std::ranges::any_of(listing.tags, has);
        return false;
      default:
        return false;
    }
  }

  mutable std::mutex mutex_;
  mutable std::vector<search::SearchRequest> searches_;
  std::map<std::string, catalog::Listing> listings_;
  std::vector<events::Event> events_;
  std::set<std::string> event_ids_;
  std::shared_ptr<const Experiments> experiments_ = std::make_shared<const Experiments>();
  std::shared_ptr<const decisions::Standings> decided_ = std::make_shared<const decisions::Standings>();
  std::int64_t decisions_ = 0;
  mutable std::vector<std::string> exposed_;
};

}  // namespace handsel::http
