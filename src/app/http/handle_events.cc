#include <algorithm>
#include <set>

#include "app/http/handlers.h"
#include "app/http/visible.h"
#include "facts/catalog/import/byte_source.h"
#include "facts/catalog/import/json_writer.h"
#include "facts/catalog/import/values.h"
#include "facts/events/formats/import_events.h"

namespace handsel::http {
namespace {

using events::Event;

// Of a key with a filter, in a thousand events; each kIdsAtOnce cost a search.
constexpr std::size_t kIdsCheckedMax = 10'000;

struct Rejection {
  std::uint64_t item = 0;  // of the body, from 1
  std::string field;
  std::string reason;
};

// What becomes of the events of one request.
class Intake {
 public:
  Intake(Context& context, const Call& call) : context_(context), key_filter_(call.key_filter()) {}

  Result<void> take(std::span<catalog::Row<Event>> rows) {
    HANDSEL_ASSIGN(const std::set<std::string> hidden, listings_behind_filter(rows));
    std::vector<Event> events;
    std::vector<std::uint64_t> items;
    for (catalog::Row<Event>& row : rows) {
      const auto is_hidden = [&hidden](const std::string& id) { return hidden.contains(id); };
      if (is_hidden(row.value.listing_id) || std::ranges::any_of(row.value.shown, is_hidden)) {
        reject({row.line, "listing_id", "is no listing that is known here"});
        continue;
      }
      events.push_back(std::move(row.value));
      items.push_back(row.line);
    }
    return put(events, items);
  }

  void reject(Rejection rejection) {
    ++rejected_;
    if (rejections_.size() < context_.limits.rejections_told_max) rejections_.push_back(std::move(rejection));
  }

  std::uint64_t accepted() const { return accepted_; }

  std::string answer() const {
    std::string body;
    {
      catalog::JsonObjectWriter object(body);
      object.number("accepted", accepted_);
      object.number("duplicates", duplicates_);
      object.key("rejected") += "[";
      for (const Rejection& rejection : rejections_) append(body, rejection);
      body += "]";
      object.number("rejected_count", rejected_);
    }
    return body;
  }

 private:
  Result<void> put(const std::vector<Event>& events, const std::vector<std::uint64_t>& items) {
    if (events.empty()) return {};
    HANDSEL_ASSIGN(const std::vector<WriteStatus> statuses, context_.engine.put_events(events));
    HANDSEL_CHECK(statuses.size() == events.size());
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      if (statuses[i].error) {
        reject({items[i], "", statuses[i].error->message});
      } else {
        ++(statuses[i].duplicate ? duplicates_ : accepted_);
      }
    }
    return {};
  }

  // Ids that a key with a filter names but cannot see. To it they do not exist.
  Result<std::set<std::string>> listings_behind_filter(std::span<const catalog::Row<Event>> rows) const {
    std::set<std::string> named;
    if (key_filter_.empty()) return named;
    for (const catalog::Row<Event>& row : rows) {
      if (!row.value.listing_id.empty()) named.insert(row.value.listing_id);
      named.insert(row.value.shown.begin(), row.value.shown.end());
    }
    if (named.size() > kIdsCheckedMax) {
      return fail(Code::kTooLarge, "the events name over {} listings; send fewer at once", kIdsCheckedMax);
    }
    const std::vector<std::string> ids(named.begin(), named.end());
    HANDSEL_ASSIGN(const auto visible, visible_listings(context_.engine, ids, key_filter_));
    for (const catalog::Listing& listing : visible) named.erase(listing.id);
    return named;
  }

  static void append(std::string& body, const Rejection& rejection) {
    if (body.back() != '[') body.push_back(',');
    catalog::JsonObjectWriter object(body);
    object.number("item", rejection.item);
    object.text_if_any("field", rejection.field);
    object.text("reason", rejection.reason);
  }

  Context& context_;
  const std::string key_filter_;
  std::uint64_t accepted_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t rejected_ = 0;
  std::vector<Rejection> rejections_;
};

Result<events::EventFormat> read_format(const std::vector<Parameter>& parameters) {
  events::EventFormat format = events::EventFormat::kHandsel;
  for (const auto& [name, value] : parameters) {
    if (name != "format") {
      return fail(Code::kInvalidArgument, "'{}' is no parameter of events; there is: format",
                  catalog::cut_text(name, 60));
    }
    HANDSEL_ASSIGN(format, events::parse_event_format(value));
  }
  return format;
}

// The importers inflate what looks compressed; from strangers that is a way to send
// a lot with little.
bool looks_compressed(std::string_view body) {
  return body.starts_with("\x1f\x8b") || body.starts_with("\x28\xb5\x2f\xfd");
}

}  // namespace

Response handle_events(Context& context, const Call& call) {
  const auto format = read_format(call.target.parameters);
  if (!format) return refuse(call, format.error());
  if (looks_compressed(call.request.body)) {
    return refuse(call, {Code::kUnsupported, "the body is compressed; send plain JSON"});
  }
  Intake intake(context, call);
  const auto source = catalog::memory_source("the body", call.request.body);
  const catalog::ImportSummary summary = events::import_events(
      *source, {.format = *format, .now_ms = context.clock.now_ms(), .number_records = true},
      [&intake](std::span<catalog::Row<Event>> rows) { return intake.take(rows); },
      [&intake](const catalog::RefusedRow& row) -> Result<void> {
        intake.reject({row.line, row.field, row.reason});
        return {};
      });
  if (!summary.error) return json_answer(intake.answer());
  return refuse(call, {summary.error->code,
                       fmt::format("{}; {} events before that were accepted. Send all again: an event with the same "
                                   "id counts once",
                                   summary.error->message, intake.accepted())});
}

}  // namespace handsel::http
