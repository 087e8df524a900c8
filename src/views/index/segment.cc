#include "views/index/segment.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "analysis/text/analyzer.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::index {
namespace {

template <typename T>
T element(std::string_view array, std::size_t index) {
  T value;
  std::memcpy(&value, array.data() + index * sizeof(T), sizeof(T));
  return value;
}

constexpr std::size_t kOffsetBytes = 5;

// bytes[offsets[i], offsets[i + 1]), empty where the offsets are damaged.
template <typename T>
std::string_view slice(std::string_view bytes, std::string_view offsets, std::size_t index) {
  const T begin = element<T>(offsets, index);
  const T end = element<T>(offsets, index + 1);
  return begin <= end && end <= bytes.size() ? bytes.substr(begin, end - begin) : std::string_view{};
}

// bytes[offsets[i], offsets[i + 1]) of put_offset()'s offsets, empty where they are damaged.
std::string_view slice_by_offsets(std::string_view bytes, std::string_view offsets, std::size_t index) {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::memcpy(&begin, offsets.data() + index * kOffsetBytes, kOffsetBytes);
  std::memcpy(&end, offsets.data() + (index + 1) * kOffsetBytes, kOffsetBytes);
  return begin <= end && end <= bytes.size() ? bytes.substr(begin, end - begin) : std::string_view{};
}

constexpr std::uint64_t kFormat = 2;  // of the contents: terms, forward records, impacts, columns

}  // namespace

std::uint64_t scoring_fingerprint(const Scoring& scoring) {
  std::string bytes;
  put_fixed(bytes, kFormat);
  put_fixed(bytes, std::uint64_t{text::kAnalyzerVersion});
  put_fixed(bytes, scoring.k1);
  for (const FieldWeights& field : scoring.fields) {
    put_fixed(bytes, field.weight);
    put_fixed(bytes, field.b);
    put_fixed(bytes, field.length_pivot);
  }
  return hash64(bytes);
}

void put_offset(std::string& out, std::uint64_t offset) {
  HANDSEL_CHECK(offset >> (8 * kOffsetBytes) == 0);
  out.append(reinterpret_cast<const char*>(&offset), kOffsetBytes);
}

std::vector<std::uint32_t> write_ordinals(std::span<const std::uint32_t> frequencies, SegmentFileWriter& writer) {
  // A counting sort: how many terms have each frequency, then each term to its place among them.
  const std::uint32_t greatest = frequencies.empty() ? 0 : std::ranges::max(frequencies);
  std::vector<std::uint32_t> next(greatest + std::size_t{2});
  for (const std::uint32_t frequency : frequencies) ++next[greatest - frequency + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::uint32_t> places(frequencies.size());
  for (std::uint32_t place = 0; place < frequencies.size(); ++place) {
    places[next[greatest - frequencies[place]]++] = place;
  }
  std::vector<std::uint32_t> ordinals(places.size());
  for (std::uint32_t ordinal = 0; ordinal < places.size(); ++ordinal) ordinals[places[ordinal]] = ordinal;
  writer.section(kTermOrdinals, {reinterpret_cast<const char*>(ordinals.data()), ordinals.size() * 4});
  writer.section(kTermPlaces, {reinterpret_cast<const char*>(places.data()), places.size() * 4});
  return ordinals;
}

std::uint64_t pack_position(log::Position position) {
  return (std::uint64_t{position.partition} << 48) | (position.offset & 0xffffffffffff);
}

log::Position unpack_position(std::uint64_t packed) {
  return {.partition = static_cast<std::uint32_t>(packed >> 48), .offset = packed & 0xffffffffffff};
}

Result<std::shared_ptr<const Segment>> Segment::open(std::shared_ptr<const FileBytes> bytes,
                                                     std::uint64_t fingerprint) {
  auto segment = std::make_shared<Segment>();
  HANDSEL_ASSIGN(segment->file_, SegmentFile::open(std::move(bytes)));
  const SegmentFile& file = segment->file_;
  ByteReader meta(file.section(kMeta));
  const auto documents = meta.fixed<std::uint32_t>();
  if (meta.fixed<std::uint64_t>() != fingerprint) {
    return fail(Code::kConflict, "index segment made with other scoring or by another version");
  }
  segment->documents_ = documents;
  segment->terms_ = Dictionary(file.section(kTerms));
  segment->term_ordinals_ = file.section(kTermOrdinals);
  segment->term_places_ = file.section(kTermPlaces);
  segment->term_offsets_ = file.section(kTermOffsets);
  segment->postings_ = file.section(kPostings);
  segment->forward_offsets_ = file.section(kForwardOffsets);
  segment->forward_ = file.section(kForward);
  segment->id_offsets_ = file.section(kIdOffsets);
  segment->ids_ = file.section(kIds);
  segment->id_hashes_ = file.section(kIdHashes);
  segment->id_table_ = file.section(kIdTable);
  segment->positions_ = file.section(kPositions);
  const std::size_t n = documents;
  const std::size_t terms = segment->terms_.size();
  const bool fits =
      documents <= kSegmentDocumentsMax && segment->term_ordinals_.size() == terms * 4 &&
      segment->term_places_.size() == terms * 4 && segment->term_offsets_.size() == (terms + 1) * kOffsetBytes &&
      segment->forward_offsets_.size() == (n + 1) * kOffsetBytes && segment->id_offsets_.size() == (n + 1) * 4 &&
      segment->id_hashes_.size() == n * 8 && segment->positions_.size() == n * 8 &&
      std::has_single_bit(segment->id_table_.size()) && segment->id_table_.size() / 4 > n;
  if (!fits) return fail(Code::kCorrupt, "damaged index segment: its parts do not fit together");
  segment->columns_ = Columns(file.section(kColumns), documents);
  return segment;
}

std::uint32_t Segment::ordinal_at(std::uint32_t place) const {
  if (place >= terms_.size()) return kNoOrdinal;
  return std::min(element<std::uint32_t>(term_ordinals_, place), terms_.size() - 1);  // whatever damaged bytes say
}

std::optional<std::uint32_t> Segment::find_term(std::string_view term) const {
  const auto place = terms_.find(term);
  return place ? std::optional(ordinal_at(*place)) : std::nullopt;
}

std::uint32_t Segment::place_of(std::uint32_t ordinal) const {
  return ordinal < terms_.size() ? element<std::uint32_t>(term_places_, ordinal) : kNoOrdinal;
}

std::string Segment::term(std::uint32_t ordinal) const {
  return terms_.at(place_of(ordinal));
}

std::string_view Segment::posting_list(std::uint32_t ordinal) const {
  const std::uint32_t place = place_of(ordinal);
  return place < terms_.size() ? slice_by_offsets(postings_, term_offsets_, place) : std::string_view{};
}

PostingCursor Segment::postings(std::uint32_t ordinal) const {
  return {posting_list(ordinal), documents_, &file_.file()};
}

std::uint32_t Segment::document_frequency(std::uint32_t ordinal) const {
  return posting_count(posting_list(ordinal), &file_.file());
}

std::string_view Segment::forward_record(std::uint32_t doc, std::string& buffer) const {
  return file_.file().fetch(slice_by_offsets(forward_, forward_offsets_, doc), buffer);
}

std::string_view Segment::id(std::uint32_t doc) const {
  return slice<std::uint32_t>(ids_, id_offsets_, doc);
}

std::uint64_t Segment::id_hash(std::uint32_t doc) const {
  return element<std::uint64_t>(id_hashes_, doc);
}

log::Position Segment::position(std::uint32_t doc) const {
  return unpack_position(element<std::uint64_t>(positions_, doc));
}

std::optional<std::uint32_t> Segment::find_id(std::string_view id, std::uint64_t hash) const {
  const std::size_t mask = id_table_.size() / 4 - 1;
  for (std::size_t probe = 0; probe <= mask; ++probe) {
    const auto entry = element<std::uint32_t>(id_table_, (hash + probe) & mask);
    if (entry == 0 || entry > documents_) return std::nullopt;
    const std::uint32_t doc = entry - 1;
    if (id_hash(doc) == hash && this->id(doc) == id) return doc;
  }
  return std::nullopt;
}

void Segment::prefetch_ids(std::span<const std::uint64_t> hashes) const {
  if (hashes.size() < 2) return;  // nobody to wait with
  const std::size_t mask = id_table_.size() / 4 - 1;
  for (const std::uint64_t hash : hashes) __builtin_prefetch(id_table_.data() + 4 * (hash & mask));
  std::vector<std::uint32_t> docs;
  docs.reserve(hashes.size());
  for (const std::uint64_t hash : hashes) {
    const auto entry = element<std::uint32_t>(id_table_, hash & mask);
    if (entry == 0 || entry > documents_) continue;
    docs.push_back(entry - 1);
    __builtin_prefetch(id_hashes_.data() + sizeof(std::uint64_t) * docs.back());
    __builtin_prefetch(id_offsets_.data() + sizeof(std::uint32_t) * docs.back());
  }
  for (const std::uint32_t doc : docs) __builtin_prefetch(id(doc).data());
}

void Segment::prefetch_offsets(std::uint32_t doc) const {
  __builtin_prefetch(forward_offsets_.data() + kOffsetBytes * std::size_t{doc});
  __builtin_prefetch(id_offsets_.data() + sizeof(std::uint32_t) * std::size_t{doc});
}

void Segment::prefetch_document(std::uint32_t doc) const {
  constexpr std::size_t kLineBytes = 64;
  __builtin_prefetch(id(doc).data());
  const std::string_view record = slice_by_offsets(forward_, forward_offsets_, doc);
  for (std::size_t at = 0; at < record.size(); at += kLineBytes) __builtin_prefetch(record.data() + at);
}

AttributeHashes& Segment::attribute_hashes() const {
  std::call_once(hashes_made_, [this] { attribute_hashes_ = std::make_unique<AttributeHashes>(columns_); });
  return *attribute_hashes_;
}

void Segment::title(std::uint32_t doc, std::vector<std::uint32_t>& out) const {
  std::string buffer;
  decode_title(forward_record(doc, buffer), out);
}

void Segment::forward(std::uint32_t doc, std::vector<ForwardTerm>& out) const {
  std::string buffer;
  decode_terms(forward_record(doc, buffer), out);
}

void Deletions::add(const Segment& segment, std::uint32_t doc) {
  if (bits.empty()) bits.resize((segment.documents() + 63) / 64);
  bits[doc / 64] |= std::uint64_t{1} << (doc % 64);
  ++count;
  std::vector<ForwardTerm> terms;
  segment.forward(doc, terms);
  for (const ForwardTerm& term : terms) ++term_counts[term.ordinal];
}

}  // namespace handsel::index
