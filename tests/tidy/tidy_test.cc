// The rules of the house that a compiler does not check: which room may include
// which, which library has one room of its own, how long a file may be.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const fs::path kSource = fs::path(HANDSEL_SOURCE_DIR) / "src";

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

struct Room {
  std::string path;               // "views/index"
  std::set<std::string> depends;  // names of rooms, with what those depend on
};

// The rooms in their order, as src/CMakeLists.txt declares them.
std::vector<Room> rooms() {
  static const std::regex kRoom(R"(handsel_room\(([\w/]+)([^)]*)\))");
  const std::string text = read(kSource / "CMakeLists.txt");
  std::vector<Room> rooms;
  std::map<std::string, std::set<std::string>> closure;
  for (std::sregex_iterator match(text.begin(), text.end(), kRoom), end; match != end; ++match) {
    Room room{.path = (*match)[1], .depends = {}};
    std::istringstream words((*match)[2]);
    bool in_depends = false;
    for (std::string word; words >> word;) {
      if (word == "DEPENDS" || word == "LIBRARIES" || word == "PROTOS") {
        in_depends = word == "DEPENDS";
      } else if (in_depends) {
        room.depends.insert(word);
        room.depends.insert(closure[word].begin(), closure[word].end());
      }
    }
    closure[fs::path(room.path).filename().string()] = room.depends;
    rooms.push_back(std::move(room));
  }
  return rooms;
}

struct SourceFile {
  fs::path path;
  std::string name;  // relative to src, "views/index/index.h"
  std::vector<std::string> lines;
};

std::vector<SourceFile> source_files() {
  std::vector<SourceFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(kSource)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cc") continue;
    files.push_back({.path = entry.path(),
                     .name = fs::relative(entry.path(), kSource).generic_string(),
                     .lines = lines_of(read(entry.path()))});
  }
  std::ranges::sort(files, {}, &SourceFile::name);
  return files;
}

const Room* room_of(const std::vector<Room>& rooms, const std::string& file) {
  for (const Room& room : rooms) {
    if (file.starts_with(room.path + "/")) return &room;
  }
  return nullptr;
}

std::string included(const std::string& line) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
  std::smatch match;
  return std::regex_search(line, match, kInclude) ? match[1].str() : "";
}

TEST(Tidy, EveryFileIsInADeclaredRoom) {
  const auto all = rooms();
  ASSERT_GT(all.size(), 10u);
  for (const SourceFile& file : source_files()) {
    EXPECT_NE(room_of(all, file.name), nullptr) << file.name << ": add a handsel_room line to src/CMakeLists.txt";
  }
}

TEST(Tidy, RoomsIncludeOnlyRoomsBelowThatTheyDeclare) {
  const auto all = rooms();
  for (const SourceFile& file : source_files()) {
    const Room* from = room_of(all, file.name);
    if (from == nullptr) continue;
    for (const std::string& line : file.lines) {
      const Room* to = room_of(all, included(line));
      if (to == nullptr || to == from) continue;
      EXPECT_LT(to, from) << file.name << " includes " << included(line) << ", which lies above it";
      EXPECT_TRUE(from->depends.contains(fs::path(to->path).filename().string()))
          << file.name << " includes " << included(line) << ", which " << from->path << " does not declare";
    }
  }
}

// A library and the rooms that may see its headers.
struct Owned {
  std::string header;  // how an include of it begins
  std::set<std::string> rooms;
};

TEST(Tidy, EachHeavyLibraryHasItsRoom) {
  const std::array owned = {
      Owned{"boost/asio", {"app/http"}},      Owned{"boost/beast", {"app/http"}},
      Owned{"openssl/", {"app/http"}},        Owned{"rocksdb/", {"base/storage"}},
      Owned{"sqlite3.h", {"base/storage"}},   Owned{"unicode/", {"analysis/text"}},
      Owned{"libstemmer", {"analysis/text"}}, Owned{"simdjson", {"facts/catalog", "facts/events"}},
      Owned{"expat.h", {"facts/catalog"}},    Owned{"CLI/", {"app/cli"}},
      Owned{"torch/", {"analysis/models"}},   Owned{"opencv2/", {"analysis/vision"}},
      Owned{"hnswlib/", {"views/vectors"}},   Owned{"xgboost/", {"ranking/trees"}},
      Owned{"librdkafka/", {"facts/log"}},
  };
  const auto all = rooms();
  for (const SourceFile& file : source_files()) {
    const Room* room = room_of(all, file.name);
    for (const std::string& line : file.lines) {
      const std::string header = included(line);
      for (const Owned& library : owned) {
        if (!header.starts_with(library.header)) continue;
        EXPECT_TRUE(room != nullptr && library.rooms.contains(room->path))
            << file.name << " includes " << header << "; only " << *library.rooms.begin() << " may";
      }
    }
  }
}

// The headers that other rooms include, and what those include in turn.
std::set<std::string> shared_headers(const std::vector<SourceFile>& files, const std::vector<Room>& all) {
  std::map<std::string, const SourceFile*> by_name;
  for (const SourceFile& file : files) by_name[file.name] = &file;
  std::vector<std::string> to_visit;
  for (const SourceFile& file : files) {
    for (const std::string& line : file.lines) {
      const std::string header = included(line);
      if (by_name.contains(header) && room_of(all, header) != room_of(all, file.name)) to_visit.push_back(header);
    }
  }
  std::set<std::string> shared;
  while (!to_visit.empty()) {
    const std::string header = to_visit.back();
    to_visit.pop_back();
    if (!by_name.contains(header) || !shared.insert(header).second) continue;
    for (const std::string& line : by_name[header]->lines) to_visit.push_back(included(line));
  }
  return shared;
}

TEST(Tidy, HeavyHeadersStayOutOfSharedHeaders) {
  const auto files = source_files();
  const auto shared = shared_headers(files, rooms());
  for (const SourceFile& file : files) {
    if (!shared.contains(file.name)) continue;
    for (const std::string& line : file.lines) {
      const std::string header = included(line);
      for (const char* heavy : {"nlohmann/json.hpp", "boost/", "rocksdb/", "unicode/", "toml++", "CLI/", ".pb.h"}) {
        EXPECT_EQ(header.find(heavy), std::string::npos)
            << file.name << " includes " << header << " and is included by other rooms: keep it in .cc files";
      }
    }
  }
}

TEST(Tidy, HeadersAreGuardedAndSayWhatTheyAreFor) {
  for (const SourceFile& file : source_files()) {
    if (file.path.extension() != ".h") continue;
    EXPECT_TRUE(std::ranges::find(file.lines, "#pragma once") != file.lines.end()) << file.name;
    EXPECT_TRUE(!file.lines.empty() && file.lines[0].starts_with("//"))
        << file.name << ": the first paragraph of a header says what it is for";
  }
}

TEST(Tidy, FilesAreShortOrSayWhyNot) {
  constexpr std::size_t kLinesMax = 500;
  constexpr std::size_t kTop = 20;
  for (const SourceFile& file : source_files()) {
    if (file.lines.size() <= kLinesMax) continue;
    const auto top = std::min(file.lines.begin() + kTop, file.lines.end());
    const bool explained = std::any_of(file.lines.begin(), top, [](const std::string& line) {
      return line.starts_with("//") && line.find("long because") != std::string::npos;
    });
    EXPECT_TRUE(explained)
        << file.name << " has " << file.lines.size()
        << " lines: find the second thing it is about, or write at its top '// ... long because ...'";
  }
}

TEST(Tidy, NothingIsLeftForLater) {
  static const std::regex kLater(R"(\b(TODO|FIXME|XXX|HACK)\b)");
  for (const SourceFile& file : source_files()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], kLater)) << file.name << ":" << i + 1;
    }
  }
}

}  // namespace
