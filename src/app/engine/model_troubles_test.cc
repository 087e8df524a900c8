#include "app/engine/model_troubles.h"

#include <gmock/gmock.h>

namespace handsel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(ModelTroubles, AreCountedForEverAndToldForAWhile) {
  ModelTroubles troubles;
  EXPECT_THAT(troubles.counts(), ElementsAre(Pair("challenger", 0), Pair("encoder", 0), Pair("ranker", 0)));
  EXPECT_THAT(troubles.recent(0), ElementsAre());
  troubles.note(std::vector<search::ModelTrouble>{{"encoder", "no memory"}, {"ranker", "no numbers"}}, 1'000);
  troubles.note(std::vector<search::ModelTrouble>{{"encoder", "no disk"}}, 2'000);
  EXPECT_THAT(troubles.counts(), ElementsAre(Pair("challenger", 0), Pair("encoder", 2), Pair("ranker", 1)));
  EXPECT_THAT(troubles.recent(2'000), ElementsAre(AllOf(HasSubstr("encoder failed in 2 "), HasSubstr("no disk")),
                                                  HasSubstr("ranker failed in 1 ")));
  EXPECT_THAT(troubles.recent(1'001 + ModelTroubles::kToldForMs), ElementsAre(HasSubstr("encoder")));
  EXPECT_THAT(troubles.recent(2'001 + ModelTroubles::kToldForMs), ElementsAre());
  EXPECT_EQ(troubles.counts().at("encoder"), 2u);
}

}  // namespace
}  // namespace handsel
