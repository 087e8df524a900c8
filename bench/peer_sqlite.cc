// SQLite FTS5 on the corpus: bench_sqlite --task index|search --folder F ...
//
// One contentless table with Porter stems in one transaction without syncs; the
// top 10 by its own bm25(). The rowid is the listing's number in the corpus.
#include <cctype>
#include <filesystem>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/core/clock.h"
#include "harness.h"

namespace {

using handsel::Stopwatch;
using namespace handsel::bench;

class Database {
 public:
  explicit Database(const std::string& path) { check(sqlite3_open(path.c_str(), &database_)); }
  ~Database() { sqlite3_close(database_); }
  void run(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr));
    return statement;
  }
  void check(int code) const {
    if (code != SQLITE_OK) stop(sqlite3_errmsg(database_));
  }

 private:
  sqlite3* database_ = nullptr;
};

void bind(sqlite3_stmt* statement, int place, const std::string& text) {
  sqlite3_bind_text(statement, place, text.c_str(), static_cast<int>(text.size()), SQLITE_STATIC);
}

std::string database_path(const Arguments& arguments) {
  return arguments.text("folder") + "/fts.sqlite";
}

void index_corpus(const Arguments& arguments) {
  std::filesystem::create_directories(arguments.text("folder"));
  std::filesystem::remove(database_path(arguments));
  double ms = 0;
  std::uint64_t listings = 0;
  {
    Stopwatch opening;
    Database database(database_path(arguments));
    database.run("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA cache_size=-262144");
    database.run("CREATE VIRTUAL TABLE listing USING fts5(body, content='', tokenize='porter unicode61')");
    database.run("CREATE TABLE name (id TEXT)");
    database.run("BEGIN");
    sqlite3_stmt* insert = database.prepare("INSERT INTO listing(rowid, body) VALUES (?1, ?2)");
    sqlite3_stmt* name = database.prepare("INSERT INTO name(rowid, id) VALUES (?1, ?2)");
    ms += opening.elapsed_ms();
    read_corpus(arguments.text("corpus"), [&](std::span<const Document> batch) {
      const Stopwatch watch;
      for (const Document& row : batch) {
        ++listings;
        for (sqlite3_stmt* statement : {insert, name}) {
          sqlite3_bind_int64(statement, 1, static_cast<sqlite3_int64>(listings));
          bind(statement, 2, statement == insert ? row.text : row.id);
          if (sqlite3_step(statement) != SQLITE_DONE) stop("insert failed");
          sqlite3_reset(statement);
        }
      }
      ms += watch.elapsed_ms();
    });
    const Stopwatch committing;
    sqlite3_finalize(insert);
    sqlite3_finalize(name);
    database.run("COMMIT");
    ms += committing.elapsed_ms();
  }
  Report("SQLite FTS5", "index")
      .text("version", sqlite3_libversion())
      .number("listings", static_cast<double>(listings))
      .number("listings_per_second", 1000 * static_cast<double>(listings) / ms)
      .number("index_bytes", static_cast<double>(folder_bytes(database_path(arguments))))
      .print();
}

// "red, mug" -> "red" OR "mug": any word, none of them an operator.
std::string any_word(const std::string& query) {
  std::string out;
  std::string word;
  for (std::size_t i = 0; i <= query.size(); ++i) {
    const unsigned char c = i < query.size() ? static_cast<unsigned char>(query[i]) : ' ';
    if (std::isalnum(c) || c >= 0x80) {
      word.push_back(static_cast<char>(c));
    } else if (!word.empty()) {
      out += (out.empty() ? "\"" : " OR \"") + word + "\"";
      word.clear();
    }
  }
  return out;
}

void search_corpus(const Arguments& arguments) {
  Database database(database_path(arguments));
  database.run("PRAGMA mmap_size=17179869184");
  sqlite3_stmt* select = database.prepare(
      "SELECT name.id FROM (SELECT rowid AS number FROM listing WHERE listing MATCH ?1 ORDER BY rank LIMIT 10) "
      "JOIN name ON name.rowid = number");
  const Latencies latencies =
      time_queries(read_lines(arguments.text("queries")), {.results_path = arguments.text("results", "")},
                   [&](const std::string& text) {
                     std::vector<std::string> ids;
                     const std::string match = any_word(text);
                     if (match.empty()) return ids;
                     bind(select, 1, match);
                     while (sqlite3_step(select) == SQLITE_ROW)
                       ids.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(select, 0)));
                     sqlite3_reset(select);
                     return ids;
                   });
  sqlite3_finalize(select);
  Report report("SQLite FTS5", "search");
  latencies.report_to(report);
  report.print();
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments(count, values);
  arguments.text("task") == "index" ? index_corpus(arguments) : search_corpus(arguments);
}
