#include "views/index/segment.h"

#include <algorithm>
#include <bit>
#include <cstring>

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

// bytes[offsets[i], offsets[i + 1]), empty where the offsets are damaged.
template <typename T>
std::string_view slice(std::string_view bytes, std::string_view offsets, std::size_t index) {
  const T begin = element<T>(offsets, index);
  const T end = element<T>(offsets, index + 1);
  return begin <= end && end <= bytes.size() ? bytes.substr(begin, end - begin) : std::string_view{};
}

constexpr std::uint64_t kFormat = 1;  // of the contents: impacts, columns

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
  const bool fits = documents <= kSegmentDocumentsMax &&
                    segment->term_offsets_.size() == (std::size_t{segment->terms_.size()} + 1) * 8 &&
                    segment->forward_offsets_.size() == (n + 1) * 8 && segment->id_offsets_.size() == (n + 1) * 4 &&
                    segment->id_hashes_.size() == n * 8 && segment->positions_.size() == n * 8 &&
                    std::has_single_bit(segment->id_table_.size()) && segment->id_table_.size() / 4 > n;
  if (!fits) return fail(Code::kCorrupt, "damaged index segment: its parts do not fit together");
  segment->columns_ = Columns(file.section(kColumns), documents);
  return segment;
}

std::string_view Segment::posting_list(std::uint32_t ordinal) const {
  return slice<std::uint64_t>(postings_, term_offsets_, ordinal);
}

PostingCursor Segment::postings(std::uint32_t ordinal) const {
  return {posting_list(ordinal), documents_, &file_.file()};
}

std::uint32_t Segment::document_frequency(std::uint32_t ordinal) const {
  return posting_count(posting_list(ordinal), &file_.file());
}

std::string_view Segment::forward_record(std::uint32_t doc, std::string& buffer) const {
  return file_.file().fetch(slice<std::uint64_t>(forward_, forward_offsets_, doc), buffer);
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

void Segment::title(std::uint32_t doc, std::vector<std::uint32_t>& out) const {
  out.clear();
  std::string buffer;
  ByteReader reader(forward_record(doc, buffer));
  for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
    out.push_back(static_cast<std::uint32_t>(reader.varint()));
  }
}

void Segment::forward(std::uint32_t doc, std::vector<ForwardTerm>& out) const {
  out.clear();
  std::string buffer;
  ByteReader reader(forward_record(doc, buffer));
  for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) reader.varint();
  const std::uint64_t count = reader.varint();
  std::uint32_t ordinal = 0;
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    ordinal += static_cast<std::uint32_t>(reader.varint());
    out.push_back({.ordinal = ordinal, .impact = 0});
  }
  const std::string_view impacts = reader.bytes(count);
  if (!reader.ok()) return out.clear();
  for (std::size_t i = 0; i < out.size(); ++i) out[i].impact = static_cast<std::uint8_t>(impacts[i]);
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
