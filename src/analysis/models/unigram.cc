#include "analysis/models/unigram.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>

#include "analysis/models/tokenizer.h"
#include "base/core/bytes.h"
#include "base/core/utf8.h"

namespace handsel::models {
namespace {

constexpr std::string_view kSpaceMark = "\u2581";
constexpr std::string_view kReplacement = "\ufffd";
constexpr float kUnknownPenalty = 10;  // below the least score
constexpr std::size_t kPieceBytesMax = 1024;

enum PieceType : std::uint64_t { kNormal = 1, kUnknown = 2, kControl = 3, kUserDefined = 4, kUnused = 5 };

// One field of a protobuf message on the wire.
struct WireField {
  std::uint64_t number = 0;
  std::uint64_t varint = 0;
  std::uint32_t fixed = 0;
  std::string_view bytes;
};

// Calls `visit` for every field; false where the bytes are no message.
template <typename Visit>
bool visit_fields(std::string_view message, Visit&& visit) {
  ByteReader reader(message);
  while (reader.ok() && !reader.empty()) {
    const std::uint64_t tag = reader.varint();
    WireField field{.number = tag >> 3};
    switch (tag & 7) {
      case 0:
        field.varint = reader.varint();
        break;
      case 1:
        static_cast<void>(reader.fixed<std::uint64_t>());
        break;
      case 2:
        field.bytes = reader.bytes(reader.varint());
        break;
      case 5:
        field.fixed = reader.fixed<std::uint32_t>();
        break;
      default:
        return false;
    }
    if (reader.ok() && !visit(field)) return false;
  }
  return reader.ok();
}

struct PieceRecord {
  std::string_view text;
  float score = 0;
  std::uint64_t type = kNormal;
};

std::optional<PieceRecord> read_piece(std::string_view message) {
  PieceRecord piece;
  const bool good = visit_fields(message, [&](const WireField& field) {
    if (field.number == 1) piece.text = field.bytes;
    if (field.number == 2) piece.score = std::bit_cast<float>(field.fixed);
    if (field.number == 3) piece.type = field.varint;
    return true;
  });
  if (!good || piece.text.empty() || piece.text.size() > kPieceBytesMax || !(std::abs(piece.score) < 1e9f)) {
    return std::nullopt;
  }
  return piece;
}

// Units of the double array, as darts-clone packs them.
bool has_leaf(std::uint32_t unit) {
  return (unit >> 8 & 1) != 0;
}
std::uint32_t value_of(std::uint32_t unit) {
  return unit & 0x7fffffff;
}
std::uint32_t label_of(std::uint32_t unit) {
  return unit & 0x800000ff;
}
std::uint32_t offset_of(std::uint32_t unit) {
  return (unit >> 10) << ((unit & 0x200) >> 6);
}

}  // namespace

Result<Unigram> Unigram::parse(std::string_view model) {
  Unigram out;
  std::uint64_t method = 1;
  float least = std::numeric_limits<float>::max();
  float most = std::numeric_limits<float>::lowest();
  std::vector<PieceRecord> pieces;
  std::string_view normaliser;
  bool good = visit_fields(model, [&](const WireField& field) {
    if (field.number == 2) {
      return visit_fields(field.bytes, [&](const WireField& setting) {
        if (setting.number == 3) method = setting.varint;
        return true;
      });
    }
    if (field.number == 3) normaliser = field.bytes;
    if (field.number != 1) return true;
    const auto piece = read_piece(field.bytes);
    if (piece) pieces.push_back(*piece);
    return piece.has_value() && pieces.size() <= kVocabularyMax;
  });
  if (!good || pieces.empty()) return fail(Code::kInvalidData, "it is no SentencePiece model");
  if (method != 1) return fail(Code::kUnsupported, "it does not cut by the unigram method");
  for (const PieceRecord& piece : pieces) {
    if (piece.type != kNormal) continue;
    least = std::min(least, piece.score);
    most = std::max(most, piece.score);
  }
  out.pieces_ = pieces.size();
  out.unknown_score_ = least - kUnknownPenalty;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const PieceRecord& piece = pieces[i];
    const auto id = static_cast<std::int32_t>(i);
    if (piece.type == kUnknown) out.unknown_ = id;
    if (piece.type == kUnused) continue;
    const bool cuts = piece.type == kNormal || piece.type == kUserDefined;
    // What its makers named beats every other cut of the same characters.
    const float score = piece.type == kUserDefined ? static_cast<float>(piece.text.size()) * most - 0.1f : piece.score;
    (cuts ? out.cut_ : out.control_).try_emplace(std::string(piece.text), Piece{id, score});
    if (cuts) out.longest_ = std::max(out.longest_, piece.text.size());
  }
  if (out.unknown_ < 0) return fail(Code::kInvalidData, "it has no piece for what it does not know");
  HANDSEL_TRY(out.read_normaliser(normaliser));
  return out;
}

Result<void> Unigram::read_normaliser(std::string_view message) {
  std::string_view map;
  const bool good = visit_fields(message, [&](const WireField& field) {
    if (field.number == 2) map = field.bytes;
    if (field.number == 3) add_space_ = field.varint != 0;
    if (field.number == 4) trim_spaces_ = field.varint != 0;
    if (field.number == 5) mark_spaces_ = field.varint != 0;
    return true;
  });
  if (!good) return fail(Code::kInvalidData, "its normaliser cannot be read");
  return map.empty() ? Result<void>() : read_character_map(map);
}

Result<void> Unigram::read_character_map(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto size = reader.fixed<std::uint32_t>();
  const std::string_view units = reader.bytes(size);
  if (!reader.ok() || size % sizeof(std::uint32_t) != 0 || size == 0) {
    return fail(Code::kInvalidData, "its character map is cut off");
  }
  trie_.resize(size / sizeof(std::uint32_t));
  std::memcpy(trie_.data(), units.data(), size);
  replacements_ = bytes.substr(sizeof(std::uint32_t) + size);
  replacements_.push_back('\0');  // so that every offset inside ends
  return {};
}

std::pair<std::size_t, std::string_view> Unigram::normalise_prefix(std::string_view text) const {
  std::size_t longest = 0;
  std::uint32_t replacement = 0;
  std::uint32_t place = trie_.empty() ? 0 : offset_of(trie_[0]);
  for (std::size_t i = 0; !trie_.empty() && i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    place ^= byte;
    if (place >= trie_.size() || label_of(trie_[place]) != byte) break;
    const std::uint32_t unit = trie_[place];
    place ^= offset_of(unit);
    if (place >= trie_.size()) break;
    if (!has_leaf(unit)) continue;
    longest = i + 1;
    replacement = value_of(trie_[place]);
  }
  if (longest > 0 && replacement < replacements_.size()) {
    return {longest, std::string_view(replacements_.data() + replacement)};
  }
  const DecodedCharacter character = decode_utf8(text);
  return {character.size, character.well_formed ? text.substr(0, character.size) : kReplacement};
}

std::string Unigram::normalise(std::string_view text) const {
  const std::string_view space = mark_spaces_ ? kSpaceMark : std::string_view(" ");
  std::string out;
  if (add_space_) out += space;
  bool after_space = trim_spaces_;  // leading ones go too
  while (!text.empty()) {
    const auto [size, becomes] = normalise_prefix(text);
    text.remove_prefix(size);
    for (const char c : becomes) {
      if (c != ' ') {
        out.push_back(c);
        after_space = false;
      } else if (!after_space) {
        out += space;
        after_space = trim_spaces_;
      }
    }
  }
  while (trim_spaces_ && out.ends_with(space)) out.resize(out.size() - space.size());
  return out;
}

std::int32_t Unigram::find(std::string_view piece) const {
  for (const Table* table : {&control_, &cut_}) {
    if (const auto found = table->find(piece); found != table->end()) return found->second.id;
  }
  return -1;
}

std::vector<std::int32_t> Unigram::encode(std::string_view raw) const {
  const std::string text = normalise(raw);
  struct Best {  // of all cuts that end here
    float score = 0;
    std::size_t begin = 0;
    std::int32_t id = -1;
  };
  std::vector<Best> best(text.size() + 1);
  const auto offer = [&](std::size_t begin, std::size_t end, float score, std::int32_t id) {
    const float sum = best[begin].score + score;
    if (best[end].id < 0 || sum > best[end].score) best[end] = {sum, begin, id};
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t one = decode_utf8(std::string_view(text).substr(at)).size;
    bool has_single = false;
    for (std::size_t size = one; size <= std::min(longest_, text.size() - at);) {
      const auto found = cut_.find(std::string_view(text).substr(at, size));
      if (found != cut_.end()) {
        offer(at, at + size, found->second.score, found->second.id);
        has_single = has_single || size == one;
      }
      if (at + size >= text.size()) break;
      size += decode_utf8(std::string_view(text).substr(at + size)).size;
    }
    if (!has_single) offer(at, at + one, unknown_score_, unknown_);
    at += one;
  }
  std::vector<std::int32_t> ids;
  for (std::size_t end = text.size(); end > 0; end = best[end].begin) {
    if (best[end].id != unknown_ || ids.empty() || ids.back() != unknown_) ids.push_back(best[end].id);
  }
  std::ranges::reverse(ids);
  return ids;
}

}  // namespace handsel::models
