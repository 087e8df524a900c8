#include "app/engine/interleaving_writer.h"

namespace handsel {

InterleavingWriter::InterleavingWriter(Append append)
    : BackgroundWriter("interleaved searches",
                       [append = std::move(append)](
                           const std::vector<decisions::InterleavedSearch>& searches) -> Result<std::size_t> {
                         std::vector<log::NewRecord> records;
                         for (const decisions::InterleavedSearch& search : searches) {
                           if (auto record = decisions::to_record(search)) records.push_back(std::move(*record));
                         }
                         if (!records.empty()) HANDSEL_TRY(append(records));
                         return searches.size() - records.size();
                       }) {}

}  // namespace handsel
