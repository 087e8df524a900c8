#include "app/engine/query_counts.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "analysis/text/fold.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "facts/events/codec.h"
#include "facts/events/person.h"

namespace handsel {
namespace {

constexpr std::string_view kMagic = "HQRY";
constexpr std::uint32_t kVersion = 2;

// Where an event says neither user nor session, each is somebody else.
std::uint32_t asker_of(const events::Event& event) {
  const bool is_nameless = event.user_id.empty() && event.session_id.empty();
  return static_cast<std::uint32_t>(is_nameless ? hash64(event.id) : events::person_of(event));
}

}  // namespace

QueryCounts::QueryCounts(FileSystem& files, std::string path, const log::Log& log)
    : files_(files), path_(std::move(path)), log_(log), partitions_(log.partitions(log::Topic::kEvents)) {
  if (!load()) partitions_.assign(partitions_.size(), {});
}

bool QueryCounts::load() {
  const auto file = files_.read_file(path_);
  if (!file) return false;
  ByteReader header(*file);
  if (header.bytes(kMagic.size()) != kMagic || header.fixed<std::uint32_t>() != kVersion) return false;
  const auto crc = header.fixed<std::uint32_t>();
  const std::string_view rest = header.bytes(header.remaining());
  if (!header.ok() || crc32c(rest) != crc) return false;
  ByteReader reader(rest);
  if (reader.varint() != partitions_.size()) return false;
  for (std::uint32_t p = 0; p < partitions_.size(); ++p) {
    Partition& partition = partitions_[p];
    partition.next = reader.varint();
    if (partition.next > log_.end_offset(log::Topic::kEvents, p)) return false;
    for (std::uint64_t left = reader.varint(); left > 0 && reader.ok(); --left) {
      const std::string_view text = reader.string();
      Asked& asked = partition.counts[std::string(text)];
      asked.count = reader.varint();
      for (std::size_t i = 0; i < asked.known(); ++i) asked.people[i] = reader.fixed<std::uint32_t>();
    }
  }
  return reader.ok() && reader.empty();
}

Result<void> QueryCounts::save() {
  if (saved_version_ == version_) return {};
  std::string rest;
  put_varint(rest, partitions_.size());
  for (const Partition& partition : partitions_) {
    put_varint(rest, partition.next);
    const std::map<std::string_view, Asked> sorted(partition.counts.begin(), partition.counts.end());
    put_varint(rest, sorted.size());
    for (const auto& [text, asked] : sorted) {
      put_string(rest, text);
      put_varint(rest, asked.count);
      for (std::size_t i = 0; i < asked.known(); ++i) put_fixed(rest, asked.people[i]);
    }
  }
  std::string file(kMagic);
  put_fixed(file, kVersion);
  put_fixed(file, crc32c(rest));
  file += rest;
  HANDSEL_TRY(files_.write_file(path_, file));
  saved_version_ = version_;
  return {};
}

Result<std::uint64_t> QueryCounts::advance() {
  std::uint64_t read = 0;
  for (std::uint32_t p = 0; p < partitions_.size() && read < kCountRecordsMax; ++p) {
    Partition& partition = partitions_[p];
    HANDSEL_ASSIGN(partition.next, log_.read(log::Topic::kEvents, p, partition.next, [&](const log::Record& record) {
      count(partition, record);
      return ++read < kCountRecordsMax;
    }));
  }
  if (read > 0) ++version_;
  return read;
}

bool QueryCounts::is_current() const {
  for (std::uint32_t p = 0; p < partitions_.size(); ++p) {
    if (partitions_[p].next < log_.end_offset(log::Topic::kEvents, p)) return false;
  }
  return true;
}

void QueryCounts::count(Partition& partition, const log::Record& record) {
  const auto event = events::decode(record.payload);
  if (!event || event->kind != events::EventKind::kSearch || event->offset != 0) return;
  std::string text = text::fold_keyword(event->query);
  if (text.empty()) return;
  Asked& asked = partition.counts[std::move(text)];
  const std::uint32_t person = asker_of(*event);
  const auto known = std::span(asked.people).first(asked.known());
  if (std::ranges::find(known, person) != known.end()) return;
  asked.people[asked.count++ % asked.people.size()] = person;
  if (partition.counts.size() > kDistinctQueriesMax) prune(partition);
}

// To three quarters, so that it does not happen again with the next query.
void QueryCounts::prune(Partition& partition) {
  for (std::uint64_t floor = 1; partition.counts.size() > kDistinctQueriesMax * 3 / 4; ++floor) {
    std::erase_if(partition.counts, [&](const auto& entry) { return entry.second.count <= floor; });
  }
}

std::vector<std::pair<std::string, std::uint64_t>> QueryCounts::all() const {
  struct Sum {
    std::uint64_t count = 0;
    std::set<std::uint32_t> people;  // one may have sessions in several partitions
  };
  std::map<std::string, Sum> sums;
  for (const Partition& partition : partitions_) {
    for (const auto& [text, asked] : partition.counts) {
      Sum& sum = sums[text];
      sum.count += asked.count;
      if (sum.people.size() < asked.people.size()) {
        sum.people.insert(asked.people.begin(), asked.people.begin() + static_cast<std::ptrdiff_t>(asked.known()));
      }
    }
  }
  std::vector<std::pair<std::string, std::uint64_t>> all;
  for (const auto& [text, sum] : sums) {
    all.emplace_back(text,
                     sum.people.size() < std::tuple_size_v<decltype(Asked::people)> ? sum.people.size() : sum.count);
  }
  return all;
}

}  // namespace handsel
