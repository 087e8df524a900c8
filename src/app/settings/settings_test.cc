#include "app/settings/settings.h"

#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

namespace handsel::settings {
namespace {

// Files in memory; only reading is needed here.
class OneFile final : public FileSystem {
 public:
  OneFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}
  Result<std::string> read_file(const std::string& path) override {
    if (path != path_) return fail(Code::kNotFound, "cannot open {}: No such file or directory", path);
    return text_;
  }
  Result<std::shared_ptr<const FileBytes>> map_file(const std::string&) override { return no(); }
  Result<std::unique_ptr<FileWriter>> create_file(const std::string&) override { return no(); }
  Result<void> make_folders(const std::string&) override { return no(); }
  Result<std::vector<std::string>> list_folder(const std::string&) override { return no(); }
  Result<void> remove_file(const std::string&) override { return no(); }
  bool exists(const std::string& path) override { return path == path_; }

 private:
  static std::unexpected<Error> no() { return fail(Code::kUnsupported, "not in this test"); }
  const std::string path_;
  const std::string text_;
};

Sources from_file() {
  return {.file = "s.toml"};
}

TEST(Settings, ValuesReadAndShow) {
  struct Row {
    std::string_view name, text, shown;
  };
  for (const Row& row : {
           Row{"engine.memory_max", "0", "0"},
           Row{"engine.memory_max", "268435456", "256M"},
           Row{"engine.memory_max", "256M", "256M"},
           Row{"engine.memory_max", "1536M", "1536M"},
           Row{"engine.memory_max", "2G", "2G"},
           Row{"engine.refresh_every", "250ms", "250ms"},
           Row{"engine.refresh_every", "1000ms", "1s"},
           Row{"engine.commit_every", "5m", "5m"},
           Row{"engine.threads", "4", "4"},
           Row{"http.keys_required", "on", "true"},
           Row{"http.keys_required", "no", "false"},
           Row{"http.listen", "[::1]:80", "[::1]:80"},
       }) {
    Settings settings;
    const Setting* setting = find(row.name);
    ASSERT_NE(setting, nullptr) << row.name;
    const auto done = assign(settings, *setting, row.text);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(show(settings, *setting), row.shown) << row.name << " = " << row.text;
  }
}

TEST(Settings, WrongValuesSayWhatWasExpected) {
  struct Row {
    std::string_view name, text, message;
  };
  for (const Row& row : {
           Row{"engine.memory_max", "lots", "expected bytes as in 4096, 64K, 256M or 2G, found 'lots'"},
           Row{"engine.memory_max", "9999999999G", "expected bytes"},
           Row{"engine.memory_max", "-1", "out of range, expected 0 to 1024G"},
           Row{"engine.refresh_every", "100", "expected a duration"},
           Row{"engine.refresh_every", "1ms", "out of range, expected 10ms to 1m"},
           Row{"engine.threads", "4.5", "expected a whole number, found '4.5'"},
           Row{"engine.threads", "", "expected a whole number, found ''"},
           Row{"http.keys_required", "maybe", "expected true or false, found 'maybe'"},
       }) {
    Settings settings;
    const auto done = assign(settings, *find(row.name), row.text);
    ASSERT_FALSE(done) << row.name << " = " << row.text;
    EXPECT_EQ(done.error().code, Code::kInvalidArgument);
    EXPECT_NE(done.error().message.find(row.message), std::string::npos) << done.error().message;
  }
}

TEST(Settings, LaterSourcesWin) {
  OneFile files("s.toml", "[engine]\nlanguage = \"de\"\nthreads = 2\nmemory_max = \"1G\"\n");
  Sources sources = from_file();
  sources.environment = {{"HANDSEL_ENGINE_THREADS", "3"}, {"HANDSEL_ENGINE_MEMORY_MAX", "2G"}, {"PATH", "/bin"}};
  sources.flags = {{"engine.memory_max", "3G"}};
  const auto loaded = load(sources, files);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->values.language, "de");
  EXPECT_EQ(loaded->values.threads, 3);
  EXPECT_EQ(loaded->values.memory_max_bytes, 3ll << 30);
  EXPECT_EQ(loaded->values.listen, Settings{}.listen);
  const auto where = [&](std::string_view name) {
    return loaded->origins[static_cast<std::size_t>(find(name) - table().data())].where;
  };
  EXPECT_EQ(where("engine.language"), "s.toml line 2");
  EXPECT_EQ(where("engine.threads"), "HANDSEL_ENGINE_THREADS");
  EXPECT_EQ(where("engine.memory_max"), "--memory-max");
  EXPECT_EQ(where("http.listen"), "default");
}

TEST(Settings, FileMistakesNameThePlaceAndTheNearestName) {
  struct Row {
    std::string_view text, message;
  };
  for (const Row& row : {
           Row{"[engine]\nlanguag = \"en\"",
               "s.toml line 2: there is no setting 'engine.languag'; did you mean "
               "'engine.language'?"},
           Row{"[engine]\n\nthreads = \"many\"",
               "engine.threads: expected a whole number, found 'many' (s.toml line 3)"},
           Row{"[engine]\nlanguage = 3", "'engine.language' must be a text in quotes"},
           Row{"[engine]\nthreads = 4.5", "'engine.threads' must be whole number"},
           Row{"[engine]\nthreads = [1]", "'engine.threads' must be whole number"},
           Row{"colour = 1", "there is no setting 'colour'; 'handsel doctor' lists all settings"},
           Row{"[engine", "s.toml line 1: not TOML"},
       }) {
    OneFile files("s.toml", std::string(row.text));
    const auto loaded = load(from_file(), files);
    ASSERT_FALSE(loaded) << row.text;
    EXPECT_EQ(exit_code(loaded.error().code), 2);
    EXPECT_NE(loaded.error().message.find(row.message), std::string::npos) << loaded.error().message;
  }
}

TEST(Settings, AFileMayBeAbsentOnlyWhereItWasNotNamed) {
  OneFile files("other.toml", "");
  Sources sources = from_file();
  EXPECT_FALSE(load(sources, files));
  sources.file_must_exist = false;
  EXPECT_TRUE(load(sources, files));
}

TEST(Settings, UnknownVariablesAreComplaintsNotErrors) {
  OneFile files("", "");
  Sources sources;
  sources.environment = {{"HANDSEL_HTTP_LISEN", ":80"}, {"HANDSEL_PORT", "tcp://10.0.0.1:80"}};
  const auto loaded = load(sources, files);
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->complaints.size(), 2u);
  EXPECT_NE(loaded->complaints[0].find("did you mean 'HANDSEL_HTTP_LISTEN'?"), std::string::npos)
      << loaded->complaints[0];
}

TEST(Settings, TheTableIsInOrder) {
  std::set<std::string_view> names, flags;
  for (const Setting& setting : table()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_TRUE(flags.insert(setting.flag).second) << setting.flag;
    EXPECT_TRUE(setting.flag.starts_with("--"));
    EXPECT_FALSE(setting.help.empty());
    EXPECT_TRUE(setting.name.starts_with(setting.part == Part::kHttp    ? "http."
                                         : setting.part == Part::kTrain ? "train."
                                                                        : "engine."));
    Settings settings;  // the default is a value that a person could have written
    EXPECT_TRUE(assign(settings, setting, show(Settings{}, setting))) << setting.name;
  }
}

TEST(Settings, TheReferencePageIsUpToDate) {
  const std::string path = HANDSEL_SOURCE_DIR "/docs/reference/settings.md";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(real_file_system().write_file(path, reference_markdown()));
  }
  const auto page = real_file_system().read_file(path);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(*page, reference_markdown()) << "UPDATE_GOLDEN=1 ctest -R settings writes it";
}

TEST(Nearest, GuessesOnlyWhatIsNear) {
  const std::vector<std::string> names = {"import", "search", "serve"};
  struct Row {
    std::string_view word, expected;
  };
  for (const Row& row :
       {Row{"imprt", "import"}, Row{"serach", "search"}, Row{"serv", "serve"}, Row{"banana", ""}, Row{"", ""}}) {
    EXPECT_EQ(nearest(row.word, names), row.expected) << row.word;
  }
}

}  // namespace
}  // namespace handsel::settings
