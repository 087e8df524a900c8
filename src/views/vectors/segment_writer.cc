#include "views/vectors/segment_writer.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/core/bytes.h"

namespace handsel::vectors {
namespace {

constexpr std::size_t kBufferBytes = 1u << 20;

// Gathers bytes, counts them and knows the checksum of the section they are in.
class Output {
 public:
  explicit Output(const Append& append) : append_(append) {}

  std::string& buffer() { return buffer_; }
  // Called between rows, so that the buffer stays small.
  Result<void> step() { return buffer_.size() < kBufferBytes ? Result<void>{} : flush(); }
  Result<void> flush() {
    crc_ = crc32c(buffer_, crc_);
    written_ += buffer_.size();
    Result<void> done = append_(buffer_);
    buffer_.clear();
    return done;
  }
  Result<void> begin() {
    HANDSEL_TRY(flush());
    buffer_.append((kLineBytes - written_ % kLineBytes) % kLineBytes, '\0');
    HANDSEL_TRY(flush());
    crc_ = 0;
    begun_ = written_;
    return {};
  }
  Result<Footer::Place> end() {
    HANDSEL_TRY(flush());
    return Footer::Place{.offset = begun_, .size = written_ - begun_, .crc = crc_};
  }

 private:
  const Append& append_;
  std::string buffer_;
  std::uint32_t crc_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t begun_ = 0;
};

template <typename Fill>
Result<Footer::Place> write_section(Output& output, std::size_t count, Fill&& fill) {
  HANDSEL_TRY(output.begin());
  for (std::size_t i = 0; i < count; ++i) {
    fill(i, output.buffer());
    HANDSEL_TRY(output.step());
  }
  return output.end();
}

}  // namespace

void sort_rows(std::vector<Row>& rows) {
  std::ranges::sort(rows, [](const Row& a, const Row& b) { return std::tie(a.hash, a.id) < std::tie(b.hash, b.id); });
}

Result<void> write_segment(const Append& append, std::size_t dimensions, std::span<const Row> rows,
                           const Graph* graph) {
  std::uint64_t id_bytes = 0;
  for (const Row& row : rows) id_bytes += row.id.size();
  if (rows.size() > kRowsMax || id_bytes > std::numeric_limits<std::uint32_t>::max()) {
    return fail(Code::kTooLarge, "a vector segment of {} listings is over the limit of {}", rows.size(), kRowsMax);
  }
  Footer footer{.dimensions = static_cast<std::uint32_t>(dimensions), .rows = static_cast<std::uint32_t>(rows.size())};
  const std::size_t nodes = graph == nullptr ? 0 : rows.size();
  const std::vector<std::vector<std::uint32_t>> none;
  const auto& upper = graph == nullptr ? none : graph->upper;
  if (graph != nullptr) {
    footer.links = graph->links;
    footer.upper_links = graph->upper_links;
    footer.levels = static_cast<std::uint32_t>(upper.size());
  }
  Output output(append);
  output.buffer() += "HVEC";
  put_fixed(output.buffer(), kSegmentVersion);
  const auto place = [&footer](Section section) -> Footer::Place& {
    return footer.sections[static_cast<std::size_t>(section)];
  };
  HANDSEL_ASSIGN(place(Section::kHashes), write_section(output, rows.size(), [&](std::size_t i, std::string& out) {
                   put_fixed(out, rows[i].hash);
                 }));
  std::uint32_t offset = 0;
  HANDSEL_ASSIGN(place(Section::kOffsets), write_section(output, rows.size() + 1, [&](std::size_t i, std::string& out) {
                   put_fixed(out, offset);
                   if (i < rows.size()) offset += static_cast<std::uint32_t>(rows[i].id.size());
                 }));
  HANDSEL_ASSIGN(place(Section::kIds),
                 write_section(output, rows.size(), [&](std::size_t i, std::string& out) { out += rows[i].id; }));
  HANDSEL_ASSIGN(place(Section::kHalves), write_section(output, rows.size(), [&](std::size_t i, std::string& out) {
                   out.append(reinterpret_cast<const char*>(rows[i].halves), (dimensions + 1) * 2);
                 }));
  HANDSEL_ASSIGN(place(Section::kNodes), write_section(output, nodes, [&](std::size_t i, std::string& out) {
                   graph->write_node(static_cast<std::uint32_t>(i), out);
                 }));
  HANDSEL_ASSIGN(place(Section::kRows), write_section(output, nodes, [&](std::size_t i, std::string& out) {
                   put_fixed(out, graph->node_rows[i]);
                 }));
  HANDSEL_ASSIGN(place(Section::kUpper), write_section(output, 2 * upper.size(), [&](std::size_t i, std::string& out) {
                   if (i < upper.size()) {
                     put_fixed(out, static_cast<std::uint32_t>(upper[i].size() / (1 + graph->upper_links)));
                   } else {
                     const auto& level = upper[i - upper.size()];
                     out.append(reinterpret_cast<const char*>(level.data()), level.size() * 4);
                   }
                 }));
  HANDSEL_TRY(output.begin());
  output.buffer() += encode_footer(footer);
  return output.flush();
}

Result<std::string> segment_bytes(std::size_t dimensions, std::span<const Row> rows) {
  std::string bytes;
  const auto append = [&bytes](std::string_view more) -> Result<void> {
    bytes += more;
    return {};
  };
  HANDSEL_TRY(write_segment(append, dimensions, rows, nullptr));
  return bytes;
}

}  // namespace handsel::vectors
