// What the program says and how it exits, for right use and for wrong.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "program.h"

namespace handsel::test {
namespace {

constexpr std::string_view kListings =
    R"({"id":"1","title":"Linen apron","price":24.5,"currency":"EUR","shop_name":"Weaver"})"
    "\n"
    R"({"id":"2","title":"Oak spoon","price":9,"currency":"EUR","shop_name":"Carver"})"
    "\n";

// One clear line that a person can act on.
void expect_one_line(const Outcome& outcome, int code, std::string_view words) {
  EXPECT_EQ(outcome.code, code) << outcome.err << outcome.out;
  const auto lines = lines_of(outcome.err);
  ASSERT_EQ(lines.size(), 1u) << outcome.err;
  EXPECT_TRUE(lines[0].starts_with("handsel: ")) << lines[0];
  EXPECT_NE(lines[0].find(words), std::string::npos) << lines[0] << "\nwithout: " << words;
  EXPECT_EQ(outcome.out, "");
}

void import_two(const Folder& folder) {
  folder.write("two.jsonl", std::string(kListings));
  const Outcome outcome = run({"import", "listings", folder.path("two.jsonl"), "--data", folder.path("data")});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
}

TEST(Cli, WrongUseIsOneLineWithAHintAndCodeTwo) {
  struct Row {
    std::vector<std::string> args;
    std::string_view words;
  };
  for (const Row& row : {
           Row{{}, "a command is needed; see 'handsel --help'"},
           Row{{"serach"}, "'serach' is not known here; did you mean 'search'?"},
           Row{{"--frob"}, "'--frob' is not known here"},
           Row{{"search"}, "--data is required; see 'handsel search --help'"},
           Row{{"search", "x", "--dta", "y"}, "'--dta' is not known here; did you mean '--data'?"},
           Row{{"search", "x", "--data", "d", "--limit", "many"}, "--limit: expected a whole number, found 'many'"},
           Row{{"search", "x", "--data", "d", "--limit", "501"}, "--limit: expected 0 to 500, found 501"},
           Row{{"search", "x", "--data", "d", "--match", "some"}, "expected auto|all|any, found 'some'"},
           Row{{"search", "x", "--data", "d", "--memory-max", "lots"}, "engine.memory_max: expected bytes"},
           Row{{"search", "x", "--data", "d", "--sort", "price:up"}, "--sort: expected relevance, COLUMN:asc"},
           Row{{"import", "listins", "f", "--data", "d"}, "found 'listins'"},
           Row{{"import", "listings", "--data", "d"}, "FILE is required"},
           Row{{"evaluate"}, "evaluate: a command is needed; see 'handsel evaluate --help'"},
           Row{{"evaluate", "serch"}, "did you mean 'search'?"},
           Row{{"key", "new", "--data", "."}, "--name is required"},
           Row{{"serve", "--data", "d", "--http-threads", "-1"}, "http.threads: -1 is out of range"},
       }) {
    SCOPED_TRACE(fmt::format("handsel {}", fmt::join(row.args, " ")));
    expect_one_line(run(row.args), 2, row.words);
  }
}

TEST(Cli, WhatIsMissingIsNamed) {
  const Folder folder("missing");
  struct Row {
    std::vector<std::string> args;
    int code;
    std::string words;
  };
  const std::string nowhere = folder.path("nowhere");
  for (const Row& row : {
           Row{{"search", "x", "--data", nowhere}, 3, "there is no marketplace in " + nowhere},
           Row{{"delete", "1", "--data", nowhere}, 3, "there is no marketplace"},
           Row{{"log", "stats", "--data", nowhere}, 3, "there is no marketplace"},
           Row{{"backup", "to", "--data", nowhere}, 3, "there is no marketplace"},
           Row{{"restore", nowhere, "--data", folder.path("new")}, 3, "is not a backup"},
           Row{{"import", "listings", nowhere, "--data", folder.path("new")}, 3, "there is no file"},
           Row{{"search", "x", "--data", nowhere, "--config", nowhere}, 3, "settings file"},
           Row{{"evaluate", "compare", nowhere, nowhere}, 3, nowhere},
           Row{{"key", "list", "--data", nowhere}, 3, "there is no folder"},
       }) {
    SCOPED_TRACE(fmt::format("handsel {}", fmt::join(row.args, " ")));
    expect_one_line(run(row.args), row.code, row.words);
  }
  EXPECT_FALSE(std::filesystem::exists(nowhere));
  EXPECT_FALSE(std::filesystem::exists(folder.path("new")));
}

TEST(Cli, EveryCommandHasHelpWithAnExample) {
  for (const char* command : {"demo",
                              "import",
                              "serve",
                              "search",
                              "delete",
                              "evaluate search",
                              "evaluate compare",
                              "evaluate ranker",
                              "compact",
                              "backup",
                              "restore",
                              "key new",
                              "key list",
                              "key revoke",
                              "rules check",
                              "model challenge",
                              "evaluate interleaving",
                              "log stats",
                              "log cat",
                              "doctor",
                              "version"}) {
    std::vector<std::string> args;
    std::istringstream words(command);
    for (std::string word; words >> word;) args.push_back(word);
    args.push_back("--help");
    const Outcome outcome = run(args);
    EXPECT_EQ(outcome.code, 0) << command;
    EXPECT_NE(outcome.out.find(fmt::format("Example:\n  handsel {}", command)), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find(fmt::format("Usage: handsel {} ", command)), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("--json"), std::string::npos) << command;
  }
}

TEST(Cli, ImportSearchDeleteBackupRestore) {
  const Folder folder("flow");
  import_two(folder);
  const std::string data = folder.path("data");
  Outcome outcome = run({"search", "linen", "apron", "--data", data});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.out.find("24.50 EUR  Linen apron  Weaver  1"), std::string::npos) << outcome.out;
  outcome = run({"search", "linen", "--data", data, "--json"});
  EXPECT_NE(outcome.out.find(R"("id":"1")"), std::string::npos) << outcome.out;

  EXPECT_EQ(run({"backup", folder.path("copy"), "--data", data}).code, 0);
  expect_one_line(run({"backup", folder.path("copy"), "--data", data}), 3, "is not empty");

  outcome = run({"delete", "1", "9", "--data", data});
  EXPECT_EQ(outcome.code, 1);  // one of the two was not there
  EXPECT_NE(outcome.out.find("deleted 1 of 2"), std::string::npos) << outcome.out;
  EXPECT_NE(run({"search", "linen", "--data", data}).out.find("0 listings"), std::string::npos);

  expect_one_line(run({"restore", folder.path("copy"), "--data", data}), 3, "is not empty");
  outcome = run({"restore", folder.path("copy"), "--data", folder.path("again")});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("restored 2 listings"), std::string::npos) << outcome.out;
  EXPECT_NE(run({"search", "linen", "--data", folder.path("again")}).out.find("1 listing "), std::string::npos);

  outcome = run({"log", "cat", "listings", "--data", data});
  EXPECT_EQ(lines_of(outcome.out).size(), 3u) << outcome.out;  // two listings and a deletion
  EXPECT_NE(outcome.out.find(R"("value":null)"), std::string::npos) << outcome.out;
  EXPECT_EQ(run({"compact", "--data", data}).code, 0);
  outcome = run({"doctor", "--data", data});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_NE(outcome.out.find("1 listings, 0 events"), std::string::npos) << outcome.out;
}

TEST(Cli, KeysSayWhatTheyMayNot) {
  const Folder folder("keys");
  folder.write("x.jsonl", R"({"id":"1","title":"x"})");
  const std::string data = folder.path("d");
  ASSERT_EQ(run({"import", "listings", folder.path("x.jsonl"), "--data", data}).code, 0);
  ASSERT_EQ(run({"key", "new", "--data", data, "--name", "partner", "--no-personalisation", "--requests-per-s", "20",
                 "--origins", "https://shop.example"})
                .code,
            0);
  EXPECT_NE(
      run({"key", "list", "--data", data}).out.find("no personalisation, 20 requests/s, from https://shop.example"),
      std::string::npos);
  const Outcome nameless = run({"key", "new", "--data", data, "--name", ""});
  EXPECT_EQ(nameless.code, 2);
  EXPECT_NE(nameless.err.find("--name is empty"), std::string::npos) << nameless.err;
}

TEST(Cli, RejectedRowsAreCountedAndOnlyStrictMinds) {
  const Folder folder("rejected");
  folder.write("some.jsonl", std::string(kListings) + "{\"title\":\"no id\"}\nnot json\n");
  const std::vector<std::string> args = {"import", "listings", folder.path("some.jsonl"), "--data",
                                         folder.path("data")};
  Outcome outcome = run(args);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const auto lines = lines_of(outcome.out);
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines.back().find("2 listings taken"), std::string::npos) << lines.back();
  EXPECT_NE(lines.back().find("2 rejected, with reasons in " + folder.path("data/rejected")), std::string::npos)
      << lines.back();
  auto strict = args;
  strict.push_back("--strict");
  EXPECT_EQ(run(strict).code, 1);
}

TEST(Cli, SettingsComeFromTheFolderTheEnvironmentAndFlags) {
  const Folder folder("settings");
  import_two(folder);
  folder.write("data/settings.toml", "[engine]\nthreads = 1\nlanguage = \"de\"\n");
  const Outcome outcome = run({"doctor", "--data", folder.path("data"), "--language", "fr"});
  EXPECT_NE(outcome.out.find("settings.toml line 2"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("--language"), std::string::npos) << outcome.out;
  folder.write("data/settings.toml", "[engine]\nthread = 1\n");
  expect_one_line(run({"search", "x", "--data", folder.path("data")}), 2, "did you mean 'engine.threads'?");
}

TEST(Cli, ServeKeepsOthersOutBacksUpAndStopsWhenTold) {
  const Folder folder("serve");
  import_two(folder);
  const std::string data = folder.path("data");
  Running server({"serve", "--data", data, "--listen", "127.0.0.1:0"}, folder);
  const std::string address = server.first_line();
  ASSERT_TRUE(address.starts_with("http://127.0.0.1:")) << address;

  const std::string in_use = fmt::format("is in use by process {}", server.pid());
  const std::string instead = in_use + "; stop that one first, or ask a server for it: ";
  expect_one_line(run({"search", "x", "--data", data}), 4, instead + "GET /v1/search");
  expect_one_line(run({"delete", "1", "--data", data}), 4, instead + "DELETE /v1/listings/{id}");
  expect_one_line(run({"import", "listings", folder.path("two.jsonl"), "--data", data}), 4,
                  instead + "POST /v1/listings");
  for (const char* command : {"serve", "compact"}) {  // nothing does it over HTTP
    const Outcome refused = run({command, "--data", data});
    expect_one_line(refused, 4, in_use);
    EXPECT_TRUE(refused.err.ends_with("stop that one first\n")) << refused.err;
  }

  expect_one_line(run({"experiment", "decide", "--data", data, "--experiment", "rail", "--decision", "stop", "--by",
                       "Ada", "--why", "harm"}),
                  4, "a server takes POST /v1/experiments/rail/decision");
  expect_one_line(run({"experiment", "guard", "--data", data, "--stop"}), 4, "a server checks guard rails by itself");

  const Outcome backup = run({"backup", folder.path("copy"), "--data", data});
  EXPECT_EQ(backup.code, 0) << backup.err;
  expect_one_line(run({"backup", folder.path("copy"), "--data", data}), 3, "is not empty");
  EXPECT_NE(run({"search", "linen", "--data", folder.path("copy")}).out.find("1 listing "), std::string::npos);

  EXPECT_EQ(server.stop(SIGTERM).code, 0);
  EXPECT_EQ(run({"search", "linen", "--data", data}).code, 0);  // and the folder is free again
}

TEST(Cli, ServeSaysWhatIsWrongWithItsAddressAndFiles) {
  const Folder folder("address");
  const std::string data = folder.path("data");
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in name{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof name;
  ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&name), size), 0);
  ASSERT_EQ(::listen(taken, 1), 0);
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&name), &size), 0);
  const std::string port = std::to_string(ntohs(name.sin_port));
  folder.write("garbage.pem", "not a certificate\n");
  struct Row {
    std::vector<std::string> flags;
    int code;
    std::string words;
  };
  for (const Row& row : {
           Row{{"--listen", "127.0.0.1:" + port}, 4, port},
           Row{{"--listen", "nonsense"}, 2, "nonsense"},
           Row{{"--listen", "0.0.0.0:0"}, 2, "key"},
           Row{{"--tls-certificate", folder.path("garbage.pem")}, 2, "TLS needs both"},
           Row{{"--tls-certificate", folder.path("garbage.pem"), "--tls-key", folder.path("garbage.pem")},
               2,
               "garbage.pem"},
           Row{{"--tls-certificate", folder.path("none.pem"), "--tls-key", folder.path("none.pem")}, 2, "none.pem"},
       }) {
    SCOPED_TRACE(fmt::format("serve {}", fmt::join(row.flags, " ")));
    std::vector<std::string> args = {"serve", "--data", data};
    args.insert(args.end(), row.flags.begin(), row.flags.end());
    if (row.flags[0] != "--listen") args.insert(args.end(), {"--listen", "127.0.0.1:0"});
    expect_one_line(run(args), row.code, row.words);
  }
  ::close(taken);
}

// A small disk of its own; needs the right to mount one.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    std::filesystem::create_directories(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=32m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  bool grow() const { return ::mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, "size=512m") == 0; }

 private:
  const std::string path_;
  bool mounted_ = false;
};

// Listings whose text does not compress.
std::string much_text(int listings) {
  std::string lines;
  std::uint64_t state = 1;
  for (int i = 0; i < listings; ++i) {
    std::string words;
    for (int word = 0; word < 150; ++word) {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      words += fmt::format("{:x} ", state >> 20);
    }
    lines += fmt::format("{{\"id\":\"{}\",\"title\":\"Linen apron\",\"description\":\"{}\"}}\n", i, words);
  }
  return lines;
}

TEST(Cli, AFullDiskIsSaidInOneLineAndLosesNothing) {
  const Folder folder("full");
  const SmallDisk disk(folder.path("disk"));
  if (!disk.mounted()) GTEST_SKIP() << "may not mount a small tmpfs here";
  folder.write("much.jsonl", much_text(20'000));
  const std::string data = folder.path("disk/data");

  // By default writing stops well before the end of the disk.
  expect_one_line(run({"import", "listings", folder.path("much.jsonl"), "--data", data, "--quiet"}), 4, "MB left");

  // Told to go on, it meets the end.
  const Outcome outcome =
      run({"import", "listings", folder.path("much.jsonl"), "--data", data, "--quiet", "--disk-free-min", "0"});
  EXPECT_EQ(outcome.code, 4) << outcome.err;
  ASSERT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
  const std::size_t open = outcome.err.rfind('(');
  ASSERT_NE(open, std::string::npos) << outcome.err;
  const long taken =
      std::strtol(outcome.err.c_str() + open + 1, nullptr, 10);  // "(4000 listings were taken before that)"
  EXPECT_GT(taken, 0) << outcome.err;

  ASSERT_TRUE(disk.grow());
  const Outcome found = run({"search", "linen", "apron", "--data", data, "--match", "all", "--json", "--limit", "0"});
  EXPECT_EQ(found.code, 0) << found.err;
  const std::size_t total = found.out.find("\"total\":");
  ASSERT_NE(total, std::string::npos) << found.out;
  EXPECT_GE(std::strtol(found.out.c_str() + total + 8, nullptr, 10), taken);
  folder.write("two.jsonl", std::string(kListings));
  EXPECT_EQ(run({"import", "listings", folder.path("two.jsonl"), "--data", data}).code, 0);
}

}  // namespace
}  // namespace handsel::test
