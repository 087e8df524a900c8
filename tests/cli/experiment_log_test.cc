// Experiments of a data folder as a person would decide them: plan, analyse, find the path, guard, decide, look back.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/hash.h"
#include "program.h"

namespace handsel::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::int64_t kStart = 1'760'000'000'000;
constexpr std::int64_t kDay = 86'400'000;

// Everybody clicks in the search before; the treated find something on the home page, click less in the search, and
// report more.
std::string events() {
  std::string lines;
  const auto add = [&](int user, std::int64_t time_ms, std::string_view rest) {
    lines += fmt::format(R"({{"user_id":"u{}","session_id":"s{}","time_ms":{},{}}})", user, user, time_ms, rest) + "\n";
  };
  for (int i = 0; i < 800; ++i) {
    const bool treated = i % 2 == 1;
    const std::int64_t met = kStart + 20 * kDay + i * 60'000;
    for (int k = 0; k < 1 + i / 2 % 3; ++k) {
      add(i, met - 3 * kDay + k, R"("kind":"click","listing_id":"L1","surface":"search")");
    }
    add(i, met,
        fmt::format(R"("kind":"exposure","experiment":"rail","variant":"{}","unit":"u{}")", treated ? "new" : "control",
                    i));
    const int luck = i % 7 == 0 ? 1 : 0;  // or the clicks from before would tell all
    for (int k = 0; k < 2 + luck + i / 2 % 3 - (treated ? 1 : 0); ++k) {
      add(i, met + 10 + k, R"("kind":"click","listing_id":"L1","surface":"search")");
      if (k % 2 == i / 2 % 2) {
        add(i, met + 500 + k, R"("kind":"purchase","listing_id":"L1","price":10,"currency":"EUR")");
      }
    }
    if (treated && i / 2 % 2 == 0)
      add(i, met + 900, R"("kind":"purchase","listing_id":"L1","price":10,"currency":"EUR")");
    if (i % 5 == 0 || (treated && i % 3 == 0)) add(i, met + 950, R"("kind":"report","listing_id":"L1")");
  }
  return lines;
}

class CliExperimentLog : public testing::Test {
 protected:
  CliExperimentLog() : folder_("experiment_log") {
    folder_.write("listings.jsonl", R"({"id":"L1","title":"Mug","price":10,"currency":"EUR"})"
                                    "\n");
    folder_.write("events.jsonl", events());
    expect_fine({"import", "listings", folder_.path("listings.jsonl"), "--data", folder_.path("shop"), "--quiet"});
    expect_fine({"import", "events", folder_.path("events.jsonl"), "--data", folder_.path("shop"), "--quiet"});
    folder_.write("shop/experiments.toml",
                  "[[experiment]]\nname = \"rail\"\n[[experiment.variant]]\nname = \"control\"\n"
                  "[[experiment.variant]]\nname = \"new\"\n");
  }
  static void expect_fine(const std::vector<std::string>& words) {
    const Outcome got = run(words);
    ASSERT_EQ(got.code, 0) << got.err << got.out;
  }
  // "experiment" and `words`, on the shop.
  Outcome ask(std::vector<std::string> words) const {
    words.insert(words.begin(), "experiment");
    words.insert(words.end(), {"--data", folder_.path("shop")});
    return run(words);
  }
  Folder folder_;
};

// Shops, places in the taxonomy and long queries are units too. Exposures name a query of over 128 bytes by its hash.
TEST(CliExperimentUnits, ShopsTaxonomyAndLongQueriesFindTheirEvents) {
  const Folder folder("experiment_units");
  std::string listings, lines;
  for (int i = 0; i < 40; ++i) {
    listings += fmt::format(
        R"({{"id":"L{}","shop_id":"S{}","taxonomy_path":["Home","T{}"],"title":"Mug","price":10,"currency":"EUR"}})"
        "\n",
        i, i / 2, i / 2);
  }
  const auto add = [&](int second, std::string_view rest) {
    lines += fmt::format(R"({{"session_id":"s","user_id":"u","time_ms":{},{}}})", kStart + second * 1'000, rest) + "\n";
  };
  const auto expose = [&](std::string_view experiment, int i, std::string_view unit) {
    add(i, fmt::format(R"("kind":"exposure","experiment":"{}","variant":"{}","unit":"{}")", experiment,
                       i % 2 == 0 ? "control" : "new", unit));
  };
  for (int i = 0; i < 20; ++i) {
    const std::string words = std::string(150, 'x') + fmt::format("{}", i);
    expose("shops", i, fmt::format("S{}", i));
    expose("places", i, fmt::format("Home > T{}", i));
    expose("queries", i, fmt::format("#{:016x}{:016x}", hash64(words, 1), hash64(words, 2)));
    add(100 + i, fmt::format(R"("kind":"search","query_id":"q{}","query":"{}","shown":["L{}"])", i, words, 2 * i));
    for (int k = 0; k < 1 + i % 3; ++k) {
      add(200 + 10 * i + k, fmt::format(R"("kind":"click","query_id":"q{}","listing_id":"L{}")", i, 2 * i + k % 2));
    }
  }
  add(-10 * 86'400, R"("kind":"search","query_id":"old","query":"mug","shown":["L1"])");  // a history to plan from
  folder.write("listings.jsonl", listings);
  folder.write("events.jsonl", lines);
  for (const char* what : {"listings", "events"}) {
    const Outcome got =
        run({"import", what, folder.path(std::string(what) + ".jsonl"), "--data", folder.path("shop"), "--quiet"});
    ASSERT_EQ(got.code, 0) << got.err << got.out;
  }
  const auto definition = [](std::string_view name, std::string_view unit) {
    return fmt::format(
        "[[experiment]]\nname = \"{}\"\nunit = \"{}\"\n[[experiment.variant]]\nname = \"control\"\n"
        "[[experiment.variant]]\nname = \"new\"\n",
        name, unit);
  };
  folder.write("shop/experiments.toml",
               definition("shops", "shop") + definition("places", "taxonomy") + definition("queries", "query"));
  for (const char* experiment : {"shops", "places", "queries"}) {
    const Outcome got = run(
        {"experiment", "analyze", "--experiment", experiment, "--metrics", "clicks", "--data", folder.path("shop")});
    EXPECT_EQ(got.code, 0) << experiment << got.err;
    EXPECT_THAT(got.out, HasSubstr("1.9")) << experiment;  // 19 clicks of the control's ten units
  }
  const Outcome plan =
      run({"experiment", "new", "--unit", "shop", "--metric", "clicks", "--data", folder.path("shop")});
  EXPECT_EQ(plan.code, 0) << plan.err;
  folder.write("shop/metrics.toml", "[[metric]]\nname = \"clicks\"\nevents = [\"click\"]\nguard = 0.1\n");
  const Outcome guard = run({"experiment", "guard", "--data", folder.path("shop")});
  EXPECT_THAT(guard.out, HasSubstr("shops: holds ")) << guard.err;
  EXPECT_THAT(guard.out, HasSubstr("places: holds ")) << guard.err;
}

TEST_F(CliExperimentLog, FromThePlanToTheArchive) {
  const Outcome plan = ask({"new", "--metric", "clicks", "--mde", "5%", "--write", folder_.path("new.toml")});
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("a change of clicks by 5.00 %"));
  EXPECT_THAT(read_file(folder_.path("new.toml")), HasSubstr("[[experiment.variant]]"));

  const Outcome report =
      ask({"analyze", "--experiment", "rail", "--metrics", "search.clicks,gms", "--html", folder_.path("report.html")});
  EXPECT_EQ(report.code, 0) << report.err << report.out;
  EXPECT_THAT(report.out, StartsWith("new lowered search.clicks"));
  EXPECT_TRUE(std::filesystem::exists(folder_.path("report.html")));

  const Outcome path = ask({"mediation", "--experiment", "rail", "--mediator", "search.clicks", "--outcome", "gms"});
  EXPECT_EQ(path.code, 0) << path.err;
  EXPECT_THAT(path.out, HasSubstr("search.clicks is cannibalised"));

  EXPECT_EQ(ask({"guard"}).code, 3) << "no metric is a guard rail";
  folder_.write("shop/metrics.toml",
                "[[metric]]\nname = \"reports\"\nevents = [\"report\"]\nbetter = \"less\"\nguard = 0.05\n");
  const Outcome guard = ask({"guard", "--stop"});
  EXPECT_EQ(guard.code, 1) << guard.err << guard.out;
  EXPECT_THAT(guard.out, HasSubstr("rail: BROKEN reports of new changed by +"));
  EXPECT_THAT(guard.out, HasSubstr("rail: stopped; nobody gets a variant of it"));
  EXPECT_THAT(ask({"guard"}).out, HasSubstr("No experiment runs")) << "it was stopped";
  EXPECT_THAT(ask({"assign", "--unit", "u1"}).out, HasSubstr("not running"));

  const Outcome decided = ask(
      {"decide", "--experiment", "rail", "--decision", "resume", "--by", "Ada", "--why", "the reports were a test"});
  EXPECT_EQ(decided.code, 0) << decided.err;
  const Outcome again = ask({"guard"});
  EXPECT_EQ(again.code, 0) << "it runs again, and nobody met it since: " << again.out;
  EXPECT_THAT(again.out, HasSubstr("rail: "));
  const Outcome archive = ask({"archive", "--search", "rail"});
  EXPECT_THAT(archive.out, HasSubstr("rail: resume, by Ada"));
  EXPECT_THAT(archive.out, HasSubstr("stopped-by-guard-rail, by guard rail"));
  EXPECT_THAT(ask({"archive", "--json"}).out, HasSubstr("\"the reports were a test\""));
}

TEST_F(CliExperimentLog, ADecisionKeepsTheNumbersThatCouldBeRead) {
  const auto decide = [&](const char* decision, std::vector<std::string> more) {
    more.insert(more.begin(), {"decide", "--experiment", "rail", "--decision", decision, "--by", "Ada", "--why", "so"});
    return ask(std::move(more));
  };
  EXPECT_THAT(decide("ship", {"--metrics", "search.clicks", "--json"}).out, HasSubstr(R"("numbers":1)"));
  const std::string kept = ask({"archive", "--json"}).out;
  EXPECT_THAT(kept, HasSubstr(R"("decision": "ship")"));
  EXPECT_THAT(kept, HasSubstr(R"("metric": "search.clicks")"));
  EXPECT_THAT(kept, HasSubstr(R"("units": 800)"));
  const auto number = [&](const std::string& key) {
    const std::size_t at = kept.find("\"" + key + "\": ");
    return at == std::string::npos ? 0 : std::strtod(kept.c_str() + at + key.size() + 4, nullptr);
  };
  EXPECT_LT(number("lift_low"), number("lift"));
  EXPECT_LT(number("lift"), number("lift_high"));
  EXPECT_THAT(decide("stop", {"--json"}).out, HasSubstr(R"("numbers":5)")) << "the usual ones, but for what nobody did";
  EXPECT_EQ(decide("stop", {"--by", ""}).code, 2);
  folder_.write("shop/experiments.toml",
                "[[experiment]]\nname = \"rail\"\n[[experiment.variant]]\nname = \"control\"\n"
                "[[experiment.variant]]\nname = \"new\"\nweight = 9\n");
  const Outcome skewed = decide("keep-running", {"--json"});
  EXPECT_THAT(skewed.out, HasSubstr(R"("numbers":0)")) << "the arms have not the sizes that were planned";
  EXPECT_THAT(skewed.out, HasSubstr("without numbers: Do not read the effects"));
  EXPECT_THAT(ask({"archive", "--search", "zebra", "--html", folder_.path("archive.html")}).out,
              testing::Not(HasSubstr("rail")));
  EXPECT_THAT(read_file(folder_.path("archive.html")), HasSubstr("<html"));
}

TEST_F(CliExperimentLog, APlanIsForWhatWasAskedAndOverwritesNothing) {
  const Outcome plan =
      ask({"new", "--metric", "clicks", "--mde", "0.05", "--arms", "3", "--weeks", "2", "--name", "rail-2"});
  EXPECT_THAT(plan.out, HasSubstr("a change of clicks by 5.00 %")) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("3 arms of one size"));
  EXPECT_THAT(plan.out, testing::Not(HasSubstr("\n  3 ")));
  folder_.write("new.toml", "mine");
  const Outcome there = ask({"new", "--metric", "clicks", "--write", folder_.path("new.toml")});
  EXPECT_THAT(there.err, HasSubstr("is there already; it was left as it is"));
  EXPECT_EQ(read_file(folder_.path("new.toml")), "mine");
  EXPECT_THAT(ask({"new", "--metric", "clicks", "--mde", "5x"}).err, HasSubstr("'5x' is no share"));
  EXPECT_THAT(ask({"new", "--metric", "clicks", "--name", "a\"b"}).err, HasSubstr("--name, line 4"));
}

TEST_F(CliExperimentLog, FromAndToAreMoments) {
  // The first is met on 2025-10-29 at 08:53:20, one more every minute.
  const auto units = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"analyze", "--experiment", "rail", "--metrics", "clicks", "--json"});
    return ask(std::move(more)).out;
  };
  EXPECT_THAT(units({"--to", "2025-10-29T12:53"}), HasSubstr(R"("control_units": 120)"));
  EXPECT_THAT(units({"--from", "2025-10-29T12:54"}), HasSubstr(R"("control_units": 279)"));
}

TEST_F(CliExperimentLog, TheFunnelIsThereUnlessItIsNotWanted) {
  const auto out = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"analyze", "--experiment", "rail", "--metrics", "gms"});
    return ask(std::move(more)).out;
  };
  // Nobody's searches or carts are in this log; everybody clicks.
  const std::string usual = out({});
  EXPECT_THAT(usual, testing::ContainsRegex("clicks +control +400 +100.00 %"));
  EXPECT_THAT(usual, testing::ContainsRegex("orders +new +[0-9]+ "));
  EXPECT_EQ(usual.find("searches"), std::string::npos);
  EXPECT_EQ(usual.find("carts"), std::string::npos);
  EXPECT_THAT(out({"--funnel", "clicks,reports"}), testing::ContainsRegex("reports +control +80 +20.00 %"));
  const std::string none = out({"--funnel", "none"});
  EXPECT_EQ(none.find("How far units came"), std::string::npos);
  EXPECT_EQ(none.substr(0, none.find('\n')), usual.substr(0, usual.find('\n')));
}

TEST_F(CliExperimentLog, WrongUseIsAnsweredInPlainWords) {
  const auto err = [&](std::vector<std::string> words) { return ask(std::move(words)).err; };
  EXPECT_THAT(err({"analyze", "--experiment", "rial"}), HasSubstr("there is no experiment 'rial'"));
  EXPECT_THAT(err({"analyze", "--experiment", "rial"}), HasSubstr("there are: rail"));
  EXPECT_THAT(err({"analyze", "--experiment", "rail", "--metrics", "gsm"}), HasSubstr("did you mean 'gms'"));
  EXPECT_THAT(err({"analyze", "--experiment", "rail", "--funnel", "clicks,order"}), HasSubstr("did you mean 'orders'"));
  EXPECT_THAT(err({"analyze", "--experiment", "rail", "--csv", "x.csv"}), HasSubstr("either --csv"));
  EXPECT_THAT(err({"analyze", "--experiment", "rail", "--unit", "visitor"}), HasSubstr("--unit is for --csv alone"));
  EXPECT_THAT(err({"analyze", "--experiment", "rail", "--from", "soon"}), HasSubstr("'soon' is no date"));
  EXPECT_THAT(err({"analyze", "--experiment", "rail", "--from", "2030-01-01"}), HasSubstr("first met by nobody"));
  EXPECT_THAT(err({"decide", "--experiment", "rail", "--decision", "perhaps", "--by", "A", "--why", "b"}),
              HasSubstr("expected ship|stop|keep-running|resume"));
  folder_.write(
      "shop/experiments.toml",
      "[[experiment]]\nname = \"idle\"\n[[experiment.variant]]\nname = \"a\"\n[[experiment.variant]]\nname = \"b\"\n");
  EXPECT_THAT(err({"analyze", "--experiment", "idle"}), HasSubstr("'idle' has no exposures yet"));
}

}  // namespace
}  // namespace handsel::test
