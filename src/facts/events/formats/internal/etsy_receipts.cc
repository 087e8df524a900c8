// Etsy ShopReceipt objects, single or in pages {"count", "results"}: each transaction
// that was paid for is a purchase.
//
// Names, addresses, e-mail, messages and everything else about the person is left
// behind. What stays is Etsy's number of the buyer, without which two purchases of
// one person would be strangers.

#include "facts/events/formats/internal/shapes.h"

namespace handsel::events::internal {
namespace {

namespace json = catalog::json;
using json::member;

bool was_paid(Element receipt, const std::string& status) {
  if (catalog::equal_ignoring_case(status, "canceled") || catalog::equal_ignoring_case(status, "fully refunded")) {
    return false;
  }
  const std::optional<Element> is_paid = member(receipt, "is_paid");
  return !is_paid || json::truth_of(is_paid);
}

void read_money(std::optional<Element> money, Event& event) {
  if (!money) return;
  const std::optional<std::int64_t> amount = json::whole_number_of(member(*money, "amount"));
  const std::int64_t divisor = json::whole_number_of(member(*money, "divisor")).value_or(100);
  if (!amount || divisor <= 0) return;
  event.price_cents = catalog::cents_from_units(static_cast<double>(*amount) / static_cast<double>(divisor));
  event.currency = json::text_of(member(*money, "currency_code"));
}

void read_transaction(Element transaction, Event event, EventBatch& batch) {
  const std::string id = json::text_of(member(transaction, "transaction_id"));
  if (!id.empty()) event.id = fmt::format("etsy-transaction-{}", id);
  event.listing_id = json::text_of(member(transaction, "listing_id"));
  event.quantity = json::whole_number_of(member(transaction, "quantity")).value_or(1);
  read_money(member(transaction, "price"), event);
  if (const auto paid_ms = json::time_ms_of(member(transaction, "paid_timestamp"))) event.time_ms = *paid_ms;
  batch.add(std::move(event));
}

void read_one(Element receipt, EventBatch& batch) {
  const std::string status = json::text_of(member(receipt, "status"));
  if (!was_paid(receipt, status)) {
    return batch.refuse("status", fmt::format("'{}' is no purchase", catalog::cut_text(status, 60)));
  }
  const std::vector<Element> transactions = json::elements(member(receipt, "transactions"));
  if (transactions.empty()) return batch.refuse("transactions", "is missing or empty");
  Event event;
  event.kind = EventKind::kPurchase;
  event.user_id = json::text_of(member(receipt, "buyer_user_id"));
  const std::optional<Element> created = member(receipt, "created_timestamp");
  event.time_ms = json::time_ms_of(created ? created : member(receipt, "create_timestamp")).value_or(0);
  for (const Element transaction : transactions) read_transaction(transaction, event, batch);
}

}  // namespace

void read_etsy_receipt(Element object, EventBatch& batch) {
  const std::optional<Element> page = member(object, "results");
  if (!page || !page->is_array()) return read_one(object, batch);
  for (const Element receipt : json::elements(page)) read_one(receipt, batch);
}

}  // namespace handsel::events::internal
