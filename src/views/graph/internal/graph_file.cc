#include "views/graph/internal/graph_file.h"

#include <bit>
#include <utility>

#include "base/core/bytes.h"
#include "base/core/hash.h"

namespace handsel::graph::internal {
namespace {

// Sizes of a section: of one item, and of how many; 0: any number.
struct Shape {
  std::uint64_t item = 1;
  std::uint64_t count = 0;
};

bool has_shape(const SectionPlace& place, const Shape& shape) {
  return place.bytes % shape.item == 0 && (shape.count == 0 || place.bytes / shape.item == shape.count);
}

}  // namespace

std::uint64_t hash_of_node(NodeKind kind, std::string_view name) {
  return hash64(name, static_cast<std::uint64_t>(kind) + 1);
}

std::uint64_t hash_of_term(std::string_view term) {
  return hash64(term);
}

std::string_view NameTable::name(std::size_t number) const {
  if (number + 1 >= begins_.size()) return {};
  const std::size_t begin = begins_[number];
  const std::size_t end = begins_[number + 1];
  return begin <= end && end <= names_.size() ? names_.substr(begin, end - begin) : std::string_view{};
}

GraphFile::GraphFile(std::shared_ptr<const FileBytes> bytes, const Header& header)
    : bytes_(std::move(bytes)), header_(header) {}

Result<std::unique_ptr<const GraphFile>> GraphFile::open(std::shared_ptr<const FileBytes> bytes, Check check) {
  Header header;
  if (bytes->bytes().size() < sizeof(Header)) return fail(Code::kCorrupt, "graph: shorter than its header");
  std::memcpy(&header, bytes->bytes().data(), sizeof(Header));
  std::unique_ptr<GraphFile> file(new GraphFile(std::move(bytes), header));
  HANDSEL_TRY(file->check_header());
  HANDSEL_TRY(file->check_sections(check));
  file->bind_sections();
  return file;
}

Result<void> GraphFile::check_header() const {
  if (header_.magic != kMagic) return fail(Code::kCorrupt, "graph: these bytes are no graph");
  if (header_.version != kFormatVersion) {
    return fail(Code::kUnsupported, "graph: format {}, this program reads {}", header_.version, kFormatVersion);
  }
  const std::string_view checked = bytes_->bytes().substr(0, offsetof(Header, checksum));
  if (crc32c(checked) != header_.checksum) return fail(Code::kCorrupt, "graph: the header is damaged");
  if (header_.analyzer_version != text::kAnalyzerVersion) {
    return fail(Code::kUnsupported, "graph: its words are those of analyzer {}, this program has {}; build it again",
                header_.analyzer_version, text::kAnalyzerVersion);
  }
  return {};
}

Result<void> GraphFile::check_sections(Check check) const {
  std::uint64_t nodes = 0;
  for (const std::uint32_t count : header_.nodes_of_kind) nodes += count;
  if (nodes >= 0xffffffffull) return fail(Code::kCorrupt, "graph: {} nodes", nodes);
  const std::uint64_t named_by_words = std::uint64_t{header_.nodes_of_kind[0]} + header_.nodes_of_kind[3];
  const std::uint64_t terms_and_one = header_.sections[static_cast<std::size_t>(Section::kTermBegins)].bytes / 4;
  if (terms_and_one == 0) return fail(Code::kCorrupt, "graph: the section of terms is missing");
  const std::array<Shape, kSections> shapes{{{4, nodes + 1},
                                             {sizeof(Edge), 0},
                                             {4, nodes + 1},
                                             {1, 0},
                                             {4, 0},
                                             {4, 0},
                                             {4, terms_and_one},
                                             {1, 0},
                                             {4, 0},
                                             {4, terms_and_one},
                                             {4, 0}}};
  const std::string_view all = bytes_->bytes();
  for (std::size_t i = 0; i < kSections; ++i) {
    const SectionPlace& place = header_.sections[i];
    if (place.offset > all.size() || place.bytes > all.size() - place.offset || !has_shape(place, shapes[i])) {
      return fail(Code::kCorrupt, "graph: section {} is cut off or of a wrong size", i);
    }
    if (check == Check::kEverything && crc32c(all.substr(place.offset, place.bytes)) != place.checksum) {
      return fail(Code::kCorrupt, "graph: section {} is damaged", i);
    }
  }
  if (section(Section::kNorms).size() / 4 != named_by_words) return fail(Code::kCorrupt, "graph: norms are missing");
  for (const Section table : {Section::kNameTable, Section::kTermTable}) {
    const std::size_t entries = section(table).size() / 4;
    if (entries != 0 && !std::has_single_bit(entries)) return fail(Code::kCorrupt, "graph: a table of a wrong size");
  }
  return {};
}

std::string_view GraphFile::section(Section section) const {
  const SectionPlace& place = header_.sections[static_cast<std::size_t>(section)];
  return bytes_->bytes().substr(place.offset, place.bytes);
}

void GraphFile::bind_sections() {
  for (std::size_t kind = 0; kind < kNodeKinds; ++kind) {
    first_of_kind_[kind + 1] = first_of_kind_[kind] + header_.nodes_of_kind[kind];
  }
  rows_ = PackedArray<std::uint32_t>(section(Section::kRows));
  edges_ = PackedArray<Edge>(section(Section::kEdges));
  names_ = NameTable(section(Section::kNameBegins), section(Section::kNames), section(Section::kNameTable));
  norms_ = PackedArray<float>(section(Section::kNorms));
  terms_ = NameTable(section(Section::kTermBegins), section(Section::kTerms), section(Section::kTermTable));
  term_count_ = section(Section::kTermBegins).size() / 4 - 1;
  posting_rows_ = PackedArray<std::uint32_t>(section(Section::kPostingRows));
  postings_ = PackedArray<std::uint32_t>(section(Section::kPostings));
}

NodeKind GraphFile::kind(Node node) const {
  std::size_t kind = 0;
  while (kind + 1 < kNodeKinds && node >= first_of_kind_[kind + 1]) ++kind;
  return static_cast<NodeKind>(kind);
}

std::optional<Node> GraphFile::find(NodeKind kind, std::string_view name) const {
  return names_.find(name, hash_of_node(kind, name),
                     [this, kind](std::uint32_t node) { return node >= first(kind) && node < end(kind); });
}

std::optional<std::uint32_t> GraphFile::find_term(std::string_view term) const {
  return terms_.find(term, hash_of_term(term), [](std::uint32_t) { return true; });
}

Row GraphFile::postings_of(std::uint32_t term) const {
  if (term >= term_count_) return {};
  const std::uint32_t begin = posting_rows_[term];
  const std::uint32_t end = posting_rows_[term + 1];
  if (begin > end || end > postings_.size()) return {};
  return {begin, end - begin};
}

float GraphFile::norm(Node node) const {
  if (node < end(NodeKind::kQuery)) return norms_[node];
  const Node tags = first(NodeKind::kTag);
  if (node < tags || node >= nodes()) return 0;
  return norms_[end(NodeKind::kQuery) + (node - tags)];
}

}  // namespace handsel::graph::internal
