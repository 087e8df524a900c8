#include "ranking/query/rewrites.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace handsel::query {
namespace {

using Strings = std::vector<std::string>;

class RewritesTest : public testing::Test {
 protected:
  RewritesTest() {
    UnderstandingBuilder builder(analyzer_);
    const Strings aprons = {"home", "aprons"}, rings = {"rings"}, colours[] = {{"a"}, {"b"}, {"c"}, {"d"}};
    for (int i = 0; i < 40; ++i) {
      builder.add_action({.query = "linen apron", .language = "en", .taxonomy = aprons, .attributes = {}});
      builder.add_action({.query = "gold ring", .language = "en", .taxonomy = rings, .attributes = {}});
      builder.add_action({.query = "sage", .language = "en", .taxonomy = colours[i % 4], .attributes = {}});
      builder.add_action({.query = "linen", .language = "en", .taxonomy = colours[i % 4], .attributes = {}});
    }
    understanding_ = builder.build();
  }

  std::vector<Rewrite> made(std::string_view text, bool understood = true) {
    const std::map<std::string, std::uint64_t, std::less<>> listings = {{"linen", 400}, {"apron", 300}, {"sage", 250},
                                                                        {"ring", 500},  {"gold", 100},  {"pocket", 40},
                                                                        {"hand", 20},   {"made", 20}};
    const RewriteSources sources{.understanding = understood ? understanding_.get() : nullptr,
                                 .listings_with =
                                     [&](std::string_view term) {
                                       const auto found = listings.find(term);
                                       return found == listings.end() ? 0 : found->second;
                                     },
                                 .listings = 1000};
    return rewrites(parse_query(analyzer_, text, "en"), sources);
  }
  Strings queries(std::string_view text, bool understood = true) {
    Strings out;
    for (const Rewrite& rewrite : made(text, understood)) out.push_back(rewrite.query);
    return out;
  }

  text::Analyzer analyzer_;
  std::shared_ptr<const Understanding> understanding_;
};

TEST_F(RewritesTest, Table) {
  struct Row {
    const char* query;
    Strings expected;
  };
  const std::vector<Row> rows = {
      // Words that nobody sells go first; then the nearest that others ask; then more.
      {"zanzibari linen apron", {"linen apron", "apron"}},
      {"zanzibari xyzzy apron", {"apron", "linen apron"}},
      {"sage linen apron", {"linen apron", "apron"}},
      // The certain word stays, however frequent it is.
      {"sage apron", {"apron", "linen apron"}},
      // Stop words before a word go with it.
      {"apron with the xyzzy", {"apron", "linen apron"}},
      // Quoted words and what is not wanted stay as they are.
      {"\"hand made\" xyzzy", {"\"hand made\""}},
      {"sage apron -gold", {"apron -gold"}},
      {"xyzzy apron without pockets", {"apron without pockets"}},
      // There is nothing to leave out.
      {"apron", {}},
      {"xyzzy", {}},
      {"", {}},
      {"the of", {}},
      {"linen apron", {"apron"}},
  };
  for (const Row& row : rows) EXPECT_EQ(queries(row.query), row.expected) << row.query;
}

TEST_F(RewritesTest, ReasonsAreForPeople) {
  const auto unknown = made("zanzibari linen apron");
  EXPECT_EQ(unknown[0].reason, "showing results for 'linen apron'; 'zanzibari' was left out, as no listing has it");
  EXPECT_EQ(unknown[0].left_out, Strings{"zanzibari"});
  EXPECT_EQ(made("zanzibari xyzzy apron")[0].reason,
            "showing results for 'apron'; 'zanzibari', 'xyzzy' were left out, as no listing has them");
  EXPECT_EQ(made("sage apron")[1].reason, "showing results for 'linen apron', which others search for");
  EXPECT_EQ(made("sage apron")[0].reason, "showing results for 'apron'; 'sage' was left out");
}

TEST_F(RewritesTest, WithoutUnderstandingTheRarestWordStays) {
  EXPECT_EQ(queries("sage apron", false), Strings{"sage"});
  EXPECT_EQ(queries("linen apron pockets", false), (Strings{"apron pockets", "pockets"}));
}

TEST_F(RewritesTest, LongAndStrangeQueries) {
  std::string words;
  for (int i = 0; i < 3000; ++i) words += "linen" + std::to_string(i) + " ";
  EXPECT_LE(made(words + "apron").size(), kRewritesMax);
  EXPECT_LE(made(std::string(10'000, '\xff')).size(), kRewritesMax);
  EXPECT_LE(made("Шарф из льна xyzzy").size(), kRewritesMax);
}

}  // namespace
}  // namespace handsel::query
