#include "views/vectors/segment.h"

#include <algorithm>
#include <limits>

#include "base/core/bytes.h"

namespace handsel::vectors {
namespace {

constexpr std::string_view kMagic = "HVEC";
constexpr std::string_view kEndMagic = "CEVH";
constexpr std::size_t kFooterBytes = 5 * 4 + kSections * (8 + 8 + 4);
constexpr std::size_t kEndBytes = kFooterBytes + 4 + 4;

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::kCorrupt, "damaged vector segment: {}", what);
}

Footer read_footer(std::string_view bytes) {
  ByteReader reader(bytes);
  Footer footer;
  footer.dimensions = reader.fixed<std::uint32_t>();
  footer.rows = reader.fixed<std::uint32_t>();
  footer.links = reader.fixed<std::uint32_t>();
  footer.upper_links = reader.fixed<std::uint32_t>();
  footer.levels = reader.fixed<std::uint32_t>();
  for (Footer::Place& place : footer.sections) {
    place.offset = reader.fixed<std::uint64_t>();
    place.size = reader.fixed<std::uint64_t>();
    place.crc = reader.fixed<std::uint32_t>();
  }
  return footer;
}

}  // namespace

std::size_t node_bytes(std::size_t dimensions, std::size_t links) {
  return (kNodeHeadBytes + dimensions + 4 * links + kLineBytes - 1) / kLineBytes * kLineBytes;
}

std::string encode_footer(const Footer& footer) {
  std::string out;
  for (const std::uint32_t number : {footer.dimensions, footer.rows, footer.links, footer.upper_links, footer.levels}) {
    put_fixed(out, number);
  }
  for (const Footer::Place& place : footer.sections) {
    put_fixed(out, place.offset);
    put_fixed(out, place.size);
    put_fixed(out, place.crc);
  }
  put_fixed(out, crc32c(out));
  out += kEndMagic;
  return out;
}

Result<std::shared_ptr<const Segment>> Segment::open(std::shared_ptr<const FileBytes> bytes, std::size_t dimensions) {
  const std::string_view all = bytes->bytes();
  if (all.size() < kLineBytes + kEndBytes || !all.starts_with(kMagic) || !all.ends_with(kEndMagic)) {
    return damaged("not a segment, or cut short");
  }
  if (ByteReader(all.substr(4)).fixed<std::uint32_t>() != kSegmentVersion) return damaged("another version");
  const std::string_view end = all.substr(all.size() - kEndBytes);
  if (ByteReader(end.substr(kFooterBytes)).fixed<std::uint32_t>() != crc32c(end.substr(0, kFooterBytes))) {
    return damaged("checksum of the footer");
  }
  const Footer footer = read_footer(end);
  if (footer.dimensions != dimensions) return damaged("vectors of another length");
  if (footer.dimensions > kDimensionsMax || footer.rows > kRowsMax || footer.links > kLinksMax ||
      footer.upper_links > kLinksMax || footer.levels > kLevelsMax) {
    return damaged("a number over its limit");
  }
  std::shared_ptr<Segment> segment(new Segment(std::move(bytes), footer));
  HANDSEL_TRY(segment->check_sizes());
  HANDSEL_TRY(segment->check_levels());
  return segment;
}

std::string_view Segment::section(Section section) const {
  const Footer::Place& place = footer_.sections[static_cast<std::size_t>(section)];
  return bytes_->bytes().substr(place.offset, place.size);
}

Result<void> Segment::check_sizes() {
  const std::size_t size = bytes_->bytes().size() - kEndBytes;
  for (const Footer::Place& place : footer_.sections) {
    if (place.offset > size || place.size > size - place.offset || place.offset % kLineBytes != 0) {
      return damaged("a section outside of the file");
    }
  }
  const std::size_t rows = footer_.rows;
  const std::size_t nodes = has_graph() ? rows : 0;
  node_bytes_ = node_bytes(footer_.dimensions, footer_.links);
  if (section(Section::kHashes).size() != rows * 8 || section(Section::kOffsets).size() != (rows + 1) * 4 ||
      section(Section::kHalves).size() != rows * (footer_.dimensions + 1) * 2 ||
      section(Section::kNodes).size() != nodes * node_bytes_ || section(Section::kRows).size() != nodes * 4) {
    return damaged("a section of the wrong size");
  }
  hashes_ = reinterpret_cast<const std::uint64_t*>(section(Section::kHashes).data());
  offsets_ = reinterpret_cast<const std::uint32_t*>(section(Section::kOffsets).data());
  ids_ = section(Section::kIds);
  halves_ = reinterpret_cast<const std::uint16_t*>(section(Section::kHalves).data());
  nodes_ = section(Section::kNodes).data();
  node_rows_ = reinterpret_cast<const std::uint32_t*>(section(Section::kRows).data());
  return {};
}

Result<void> Segment::check_levels() {
  const std::string_view upper = section(Section::kUpper);
  if (upper.size() % 4 != 0 || upper.size() / 4 < footer_.levels) return damaged("levels cut short");
  const auto* words = reinterpret_cast<const std::uint32_t*>(upper.data());
  std::size_t at = footer_.levels;
  std::uint32_t below = has_graph() ? footer_.rows : 0;
  for (std::uint32_t level = 0; level < footer_.levels; ++level) {
    const std::uint32_t size = words[level];
    if (size > below || size == 0) return damaged("a level larger than the one below");
    level_sizes_.push_back(size);
    levels_.push_back(words + at);
    at += std::size_t{size} * (1 + footer_.upper_links);
    below = size;
  }
  if (at != upper.size() / 4) return damaged("levels of the wrong size");
  return {};
}

Result<void> Segment::verify() const {
  // A piece at a time, letting go of each: reading a whole file must not fill the memory with it.
  constexpr std::size_t kPiece = 16u << 20;
  for (std::size_t i = 0; i < kSections; ++i) {
    const std::string_view bytes = section(static_cast<Section>(i));
    std::uint32_t crc = 0;
    for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
      crc = crc32c(bytes.substr(at, kPiece), crc);
      if (bytes.size() > kPiece) release();
    }
    if (crc != footer_.sections[i].crc) return damaged(fmt::format("checksum of section {}", i));
  }
  if (!std::ranges::is_sorted(std::span(hashes_, footer_.rows))) return damaged("rows out of order");
  return {};
}

std::string_view Segment::id(std::uint32_t row) const {
  const std::uint32_t begin = offsets_[row];
  const std::uint32_t end = offsets_[row + 1];
  if (begin > end || end > ids_.size()) return {};
  return ids_.substr(begin, end - begin);
}

std::optional<std::uint32_t> Segment::find(std::string_view id, std::uint64_t hash) const {
  for (std::uint32_t row = first_row_of(hash); row < footer_.rows && hashes_[row] == hash; ++row) {
    if (this->id(row) == id) return row;
  }
  return std::nullopt;
}

// The first row whose hash is not less. Hashes are spread evenly, so that three guesses in proportion end a few rows
// away: halving would look twenty times at a million rows, and wait for memory most of these times.
std::uint32_t Segment::first_row_of(std::uint64_t hash) const {
  constexpr int kGuesses = 3;
  std::uint32_t begin = 0;  // rows before it are less, those from `end` on are not
  std::uint32_t end = footer_.rows;
  double least = 0;
  double most = std::numeric_limits<std::uint64_t>::max();
  bool from_below = true;
  for (int guess = 0; guess < kGuesses && begin < end && least < most; ++guess) {
    const double share = std::clamp((static_cast<double>(hash) - least) / (most - least), 0.0, 1.0);
    const std::uint32_t at = std::min(begin + static_cast<std::uint32_t>(share * (end - begin)), end - 1);
    from_below = hashes_[at] < hash;
    (from_below ? begin : end) = from_below ? at + 1 : at;
    (from_below ? least : most) = static_cast<double>(hashes_[at]);
  }
  // From there by longer and longer steps, which also ends where hashes are not even.
  for (std::uint32_t step = 4; end - begin > step; step *= 2) {
    const std::uint32_t at = from_below ? begin + step : end - 1 - step;
    const bool is_less = hashes_[at] < hash;
    (is_less ? begin : end) = is_less ? at + 1 : at;
    if (is_less != from_below) break;
  }
  const std::span<const std::uint64_t> rest(hashes_ + begin, end - begin);
  return begin + static_cast<std::uint32_t>(std::ranges::lower_bound(rest, hash) - rest.begin());
}

std::uint32_t Segment::row_of_node(std::uint32_t number) const {
  return std::min(node_rows_[number], footer_.rows - 1);
}

std::span<const std::uint32_t> Segment::upper_links(std::size_t level, std::uint32_t node) const {
  const std::uint32_t* at = levels_[level] + std::size_t{node} * (1 + footer_.upper_links);
  return {at + 1, std::min(at[0], footer_.upper_links)};
}

}  // namespace handsel::vectors
