#include "views/profiles/snapshot.h"

#include <string>

#include "base/core/bytes.h"

namespace handsel::profiles {
namespace {

constexpr std::string_view kMagic = "HPRO";

Result<void> put_block(std::string_view bytes, const Append& append) {
  if (bytes.size() > kBlockBytesMax) return fail(Code::kTooLarge, "a piece of the snapshot has {} bytes", bytes.size());
  std::string frame;
  put_fixed(frame, static_cast<std::uint32_t>(bytes.size()));
  put_fixed(frame, crc32c(bytes));
  HANDSEL_TRY(append(frame));
  return append(bytes);
}

Result<std::string_view> take_block(ByteReader& in) {
  const auto size = in.fixed<std::uint32_t>();
  const auto sum = in.fixed<std::uint32_t>();
  const std::string_view bytes = in.bytes(size);
  if (!in.ok() || size > kBlockBytesMax) return fail(Code::kCorrupt, "damaged snapshot of sessions: cut short");
  if (crc32c(bytes) != sum) return fail(Code::kCorrupt, "damaged snapshot of sessions: checksum");
  return bytes;
}

std::string encode_head(const events::LogMark& mark, const Counters& counters, const ProfileStore& profiles) {
  std::string head;
  put_fixed(head, counters.fingerprint());
  put_fixed(head, profiles.fingerprint());
  put_varint(head, mark.partitions.size());
  for (const events::LogMark::Partition& partition : mark.partitions) {
    put_varint(head, partition.next);
    put_fixed(head, partition.last_record);
  }
  return head;
}

Result<events::LogMark> decode_head(std::string_view bytes, const Counters& counters, const ProfileStore& profiles) {
  ByteReader in(bytes);
  const auto of_counters = in.fixed<std::uint64_t>();
  const auto of_profiles = in.fixed<std::uint64_t>();
  const std::uint64_t partitions = in.varint();
  if (!in.ok() || partitions > kPartitionsMax) return fail(Code::kCorrupt, "damaged snapshot of sessions: its head");
  if (of_counters != counters.fingerprint() || of_profiles != profiles.fingerprint()) {
    return fail(Code::kConflict, "a snapshot of sessions with other options");
  }
  events::LogMark mark;
  for (std::uint64_t p = 0; p < partitions && in.ok(); ++p) {
    events::LogMark::Partition& partition = mark.partitions.emplace_back();
    partition.next = in.varint();
    partition.last_record = in.fixed<std::uint64_t>();
  }
  if (!in.ok() || !in.empty()) return fail(Code::kCorrupt, "damaged snapshot of sessions: its head");
  return mark;
}

Result<void> put_pieces(const KeptState& state, const Append& append, const std::stop_token& stop) {
  std::string bytes;
  for (std::size_t piece = 0; piece < state.pieces(); ++piece) {
    if (stop.stop_requested()) return fail(Code::kCancelled, "the snapshot of sessions was stopped");
    bytes.clear();
    state.put_piece(piece, bytes);
    HANDSEL_TRY(put_block(bytes, append));
  }
  return {};
}

Result<void> take_pieces(ByteReader& in, KeptState& state, const std::stop_token& stop) {
  for (std::size_t piece = 0; piece < state.pieces(); ++piece) {
    if (stop.stop_requested()) return fail(Code::kCancelled, "reading the snapshot of sessions was stopped");
    HANDSEL_ASSIGN(const std::string_view bytes, take_block(in));
    if (!state.take_piece(piece, bytes)) {
      return fail(Code::kCorrupt, "damaged snapshot of sessions: piece {} makes no sense", piece);
    }
  }
  return {};
}

}  // namespace

Result<void> write_snapshot(const events::LogMark& mark, const Counters& counters, const ProfileStore& profiles,
                            const Append& append, const std::stop_token& stop) {
  std::string begin(kMagic);
  put_fixed(begin, kSnapshotVersion);
  HANDSEL_TRY(append(begin));
  HANDSEL_TRY(put_block(encode_head(mark, counters, profiles), append));
  HANDSEL_TRY(put_pieces(counters, append, stop));
  return put_pieces(profiles, append, stop);
}

Result<events::LogMark> read_snapshot(std::string_view bytes, Counters& counters, ProfileStore& profiles,
                                      const std::function<Result<void>(const events::LogMark&)>& accept,
                                      const std::stop_token& stop) {
  ByteReader in(bytes);
  if (in.bytes(kMagic.size()) != kMagic) return fail(Code::kCorrupt, "damaged snapshot of sessions: no such file");
  if (in.fixed<std::uint32_t>() != kSnapshotVersion) {
    return fail(Code::kUnsupported, "a snapshot of sessions of another version");
  }
  HANDSEL_ASSIGN(const std::string_view head, take_block(in));
  HANDSEL_ASSIGN(events::LogMark mark, decode_head(head, counters, profiles));
  HANDSEL_TRY(accept(mark));
  Result<void> taken = take_pieces(in, counters, stop);
  if (taken) taken = take_pieces(in, profiles, stop);
  if (taken && !in.empty()) taken = fail(Code::kCorrupt, "damaged snapshot of sessions: more than its pieces");
  if (taken) return mark;
  counters.clear();
  profiles.clear();
  return std::unexpected(taken.error());
}

}  // namespace handsel::profiles
