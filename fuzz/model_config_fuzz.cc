// Any bytes as the configuration of a published encoder: seven files parted by zero
// bytes. What is read is within the limits, and comes back from our own settings file.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "analysis/models/foreign_config.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

using namespace handsel;
using namespace handsel::models;

namespace {

class MemoryFiles final : public FileSystem {
 public:
  std::map<std::string, std::string> contents;

  Result<std::string> read_file(const std::string& path) override {
    const auto found = contents.find(path);
    if (found == contents.end()) return fail(Code::kNotFound, "{}", path);
    return found->second;
  }
  Result<std::shared_ptr<const FileBytes>> map_file(const std::string& path) override {
    HANDSEL_ASSIGN(std::string bytes, read_file(path));
    return std::make_shared<HeapBytes>(std::move(bytes));
  }
  Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) override { return refuse(path); }
  Result<void> make_folders(const std::string& path) override { return refuse(path); }
  Result<std::vector<std::string>> list_folder(const std::string& path) override { return refuse(path); }
  Result<void> remove_file(const std::string& path) override { return refuse(path); }
  bool exists(const std::string& path) override { return contents.contains(path); }

 private:
  static std::unexpected<Error> refuse(const std::string& path) { return fail(Code::kIo, "{} is read-only", path); }
};

constexpr std::string_view kNames[] = {"config.json",  "tokenizer_config.json", "sentence_bert_config.json",
                                       "modules.json", "1_Pooling/config.json", "config_sentence_transformers.json"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  MemoryFiles files;
  for (const std::string_view name : kNames) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    if (end > 0) files.contents["m/" + std::string(name)] = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto settings = read_foreign_settings(files, "m");
  if (settings) {
    const auto again = parse_settings(settings_json(*settings), "settings");
    HANDSEL_CHECK(again.has_value() && *again == *settings);
  }
  (void)word_pieces_of(rest, "tokenizer");
  (void)parse_settings({reinterpret_cast<const char*>(data), size}, "settings");
  return 0;
}
