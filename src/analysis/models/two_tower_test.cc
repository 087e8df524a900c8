#include "analysis/models/two_tower.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/models/two_tower_kernels.h"
#include "base/core/bytes.h"
#include "base/core/hash.h"
#include "base/core/rng.h"

namespace handsel::models {
namespace {

constexpr std::size_t kDimensions = 20;  // no multiple of eight: kernels have a tail
constexpr std::size_t kHidden = 5;
constexpr std::size_t kGraph = 3;

std::vector<float> noise(std::size_t count, Rng& rng) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.normal());
  return values;
}

TowerWeights random_tower(std::size_t segments, std::size_t side, Rng& rng) {
  return {.gates = noise(segments, rng),
          .matrix = noise(kDimensions * kDimensions, rng),
          .inner = noise(kDimensions * kHidden, rng),
          .offset = noise(kHidden, rng),
          .outer = noise(kHidden * kDimensions, rng),
          .side = noise(side * kDimensions, rng)};
}

std::string random_model(std::size_t graph_dimensions = kGraph, std::vector<std::string> countries = {"PT", "US"}) {
  Rng rng(7);
  TwoTowerWeights weights;
  weights.shape.features.table_bits = 12;
  weights.shape.features.currency = "EUR";
  weights.shape.features.price_edges = {500, 2000};
  weights.shape.features.countries = countries;
  weights.shape.dimensions = kDimensions;
  weights.shape.hidden = kHidden;
  weights.shape.graph_dimensions = graph_dimensions;
  weights.query = random_tower(kQuerySegments, kDimensions, rng);
  weights.listing = random_tower(kListingSegments, graph_dimensions, rng);
  return write_two_tower(weights, noise((std::size_t{1} << 12) * kDimensions, rng));
}

std::unique_ptr<TwoTower> open_random() {
  return std::move(*TwoTower::open(std::make_shared<HeapBytes>(random_model())));
}

// Of listing 1.
std::shared_ptr<const FileBytes> graph_of(const std::vector<float>& vector) {
  return std::make_shared<HeapBytes>(write_graph_vectors(vector.size(), std::vector{graph_key("1")}, vector));
}

catalog::Listing mug() {
  catalog::Listing listing;
  listing.id = "1";
  listing.title = "Hand thrown stoneware mug";
  listing.description = "A mug for coffee, glazed in blue. A mug.";
  listing.language = "en";
  listing.tags = {"coffee mug", "pottery"};
  listing.attributes = {{"color", "blue"}};
  listing.taxonomy_path = {"Home", "Kitchen"};
  listing.price_cents = 1800;
  listing.currency = "EUR";
  listing.ships_from = "PT";
  return listing;
}

// The formula of two_tower.h in doubles, without kernels.
std::vector<double> unit(std::vector<double> values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  for (double& value : values) value = squares > 0 ? value / std::sqrt(squares) : 0;
  return values;
}

std::vector<double> times(const std::vector<double>& input, const std::vector<float>& matrix, std::size_t columns) {
  std::vector<double> out(columns, 0.0);
  for (std::size_t i = 0; i < input.size(); ++i) {
    for (std::size_t j = 0; j < columns; ++j) out[j] += input[i] * matrix[i * columns + j];
  }
  return out;
}

std::vector<double> plain_encode(const TwoTower& model, const TowerWeights& tower, const FeatureBag& bag,
                                 std::span<const float> side) {
  std::vector<double> input(kDimensions, 0.0);
  for (std::size_t segment = 0; segment < bag.segments; ++segment) {
    for (std::size_t i = bag.begin_of(segment); i < bag.ends[segment]; ++i) {
      for (std::size_t d = 0; d < kDimensions; ++d) {
        input[d] += static_cast<double>(tower.gates[segment]) * bag.weights[i] * model.row_scale(bag.rows[i]) *
                    model.row(bag.rows[i])[d];
      }
    }
  }
  input = unit(input);
  std::vector<double> out = times(input, tower.matrix, kDimensions);
  std::vector<double> hidden = times(input, tower.inner, kHidden);
  for (std::size_t i = 0; i < kHidden; ++i) hidden[i] = std::max(0.0, hidden[i] + tower.offset[i]);
  const std::vector<double> outer = times(hidden, tower.outer, kDimensions);
  const std::vector<double> sides = times({side.begin(), side.end()}, tower.side, kDimensions);
  for (std::size_t d = 0; d < kDimensions; ++d) out[d] += outer[d] + sides[d];
  return unit(out);
}

void expect_near(std::span<const float> got, const std::vector<double>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  // Sums of some hundred floats of size one, against doubles.
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 1e-5) << i;
}

TEST(TwoTower, AgreesWithThePlainFormula) {
  Rng rng(3);
  const std::vector<float> session = noise(kDimensions, rng);
  const std::vector<float> graph = {127, -54, 3};  // codes as they are
  const auto model = std::move(*TwoTower::open(std::make_shared<HeapBytes>(random_model()), graph_of(graph)));
  FeatureBag bag;
  std::vector<float> out(kDimensions);

  const QueryInput query{.text = "blue stoneware mugs", .language = "en", .country = "US", .session = session};
  ASSERT_TRUE(model->encode_queries({&query, 1}, out));
  model->features().of_query(query, bag);
  expect_near(out, plain_encode(*model, model->weights().query, bag, session));

  const catalog::Listing asked_for = mug();
  catalog::Listing unknown = mug();
  unknown.id = "2";
  model->features().of_listing(asked_for, bag);
  for (const catalog::Listing* listing :
       std::initializer_list<const catalog::Listing*>{&asked_for, &unknown, &asked_for}) {
    ASSERT_TRUE(model->encode_listings({&listing, 1}, out));
    const auto known = listing == &unknown ? std::vector<float>(kGraph) : graph;
    expect_near(out, plain_encode(*model, model->weights().listing, bag, known));
  }
}

TEST(TwoTower, GraphVectorsAreOfTheModel) {
  const auto model = std::make_shared<HeapBytes>(random_model());
  const auto fitting = open_two_tower(model, graph_of({1, 2, 3}));
  ASSERT_TRUE(fitting) << fitting.error().message;
  const auto others = open_two_tower(model, graph_of({1, 2, 4}));
  ASSERT_TRUE(others);
  EXPECT_NE((*fitting)->fingerprint(), (*others)->fingerprint());
  const struct {
    std::shared_ptr<const FileBytes> graph;
    std::string_view reason;
  } rows[] = {{nullptr, "has no graph_vectors.bin"},
              {graph_of({1, 2}), "of 3 numbers; those beside it have 2"},
              {std::make_shared<HeapBytes>("nothing"), "no graph vectors"}};
  for (const auto& row : rows) {
    const auto opened = open_two_tower(model, row.graph);
    ASSERT_FALSE(opened) << row.reason;
    EXPECT_EQ(opened.error().code, Code::kCorrupt);
    EXPECT_THAT(opened.error().message, testing::HasSubstr(row.reason));
  }
}

// Its vectors, which are of that fingerprint, are not made anew.
TEST(TwoTower, AModelFromBeforeGraphVectorsStaysWhatItWas) {
  const std::string bytes = random_model(0);
  const auto opened = open_two_tower(std::make_shared<HeapBytes>(bytes), nullptr);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ((*opened)->fingerprint(), fmt::format("two-tower-{:016x}", hash64(bytes)));
}

TEST(TwoTower, KernelsGiveTheSameBitsAsTheirScalarTwins) {
  Rng rng(11);
  for (const std::size_t count : {0, 1, 7, 8, 9, 31, 128, 130}) {
    const std::vector<float> row = noise(count, rng);
    std::vector<std::int8_t> bytes(count);
    for (std::int8_t& byte : bytes) byte = static_cast<std::int8_t>(rng.between(-127, 127));
    std::vector<float> fast = noise(count, rng);
    std::vector<float> plain = fast;
    row_kernels().add_floats(fast.data(), row.data(), 0.3F, count);
    scalar_row_kernels().add_floats(plain.data(), row.data(), 0.3F, count);
    row_kernels().add_bytes(fast.data(), bytes.data(), 0.7F, count);
    scalar_row_kernels().add_bytes(plain.data(), bytes.data(), 0.7F, count);
    EXPECT_EQ(fast, plain) << count;
    EXPECT_EQ(row_kernels().dot(fast.data(), row.data(), count),
              scalar_row_kernels().dot(plain.data(), row.data(), count));
  }
}

TEST(TwoTower, AnyTextHasAVectorOfLengthOneOrZero) {
  const auto model = open_random();
  std::string longest;
  while (longest.size() < 10'000) longest += "stoneware ";
  struct Row {
    std::string text;
    double length;
  };
  const std::vector<Row> rows = {{"", 0},
                                 {" \t\n", 0},
                                 {"!?-", 0},
                                 {longest, 1},
                                 {"кружка", 1},
                                 {"手作りのマグカップ", 1},
                                 {"كوب", 1},
                                 {"\xff\xfe\x80", 0},
                                 {"mug\xff", 1},
                                 {std::string(10'000, 'a'), 1},
                                 {std::string(1, '\0'), 0}};
  for (const Row& row : rows) {
    const QueryInput query{.text = row.text, .language = "en", .country = "US", .session = {}};
    std::vector<float> out(kDimensions);
    ASSERT_TRUE(model->encode_queries({&query, 1}, out));
    double squares = 0;
    for (const float value : out) squares += static_cast<double>(value) * value;
    EXPECT_NEAR(squares, row.length, 1e-5) << row.text.substr(0, 20);
  }
}

TEST(TwoTower, ASessionThatIsNoVectorCountsAsNone) {
  const auto model = open_random();
  std::vector<float> wanted(kDimensions);
  const QueryInput plain{.text = "mug", .language = "en", .country = {}, .session = {}};
  ASSERT_TRUE(model->encode_queries({&plain, 1}, wanted));
  std::vector<float> not_numbers(kDimensions, std::numeric_limits<float>::quiet_NaN());
  std::vector<float> too_short(kDimensions - 1, 1.0F);
  for (const auto& session : {not_numbers, too_short}) {
    const QueryInput query{.text = "mug", .language = "en", .country = {}, .session = session};
    std::vector<float> out(kDimensions);
    ASSERT_TRUE(model->encode_queries({&query, 1}, out));
    EXPECT_EQ(out, wanted);
  }
}

TEST(TwoTower, RoomOfAnotherSizeIsRefused) {
  const auto model = open_random();
  const QueryInput query{.text = "mug", .language = {}, .country = {}, .session = {}};
  std::vector<float> out(kDimensions + 1);
  EXPECT_EQ(model->encode_queries({&query, 1}, out).error().code, Code::kInvalidArgument);
}

// Programs before wrote no countries, and another first word.
TEST(TwoTower, ModelsOfProgramsBeforeOpen) {
  const std::string now = random_model(kGraph, {});
  std::string before = now.substr(0, now.size() - sizeof(std::uint32_t));
  ASSERT_EQ(before[33], 0) << "how many countries";
  before.erase(33, 1).replace(0, 8, "HSTOWER1");
  put_fixed(before, crc32c(before));
  const auto model = TwoTower::open(std::make_shared<HeapBytes>(before));
  ASSERT_TRUE(model) << model.error().message;
  const QueryInput query{.text = "mug", .language = "en", .country = "US", .session = {}};
  std::vector<float> out(kDimensions);
  std::vector<float> wanted(kDimensions);
  ASSERT_TRUE((*model)->encode_queries({&query, 1}, out));
  ASSERT_TRUE((*TwoTower::open(std::make_shared<HeapBytes>(now)))->encode_queries({&query, 1}, wanted));
  EXPECT_EQ(out, wanted);
}

TEST(TwoTower, FingerprintsTellModelsApart) {
  const std::string bytes = random_model();
  const auto model = TwoTower::open(std::make_shared<HeapBytes>(bytes));
  EXPECT_EQ((*model)->fingerprint(), open_random()->fingerprint());
  EXPECT_THAT((*model)->fingerprint(), testing::StartsWith("two-tower-"));
}

std::string sealed(std::string body) {
  put_fixed(body, crc32c(body));
  return body;
}

TEST(TwoTower, RefusesDamage) {
  const std::string good = random_model();
  const std::string body = good.substr(0, good.size() - sizeof(std::uint32_t));
  ASSERT_TRUE(TwoTower::open(std::make_shared<HeapBytes>(good)));
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  std::string not_a_number = body;
  const float nan = std::numeric_limits<float>::quiet_NaN();  // the first gate
  std::memcpy(not_a_number.data() + 40, &nan, sizeof(nan));
  std::string unsorted = body;
  std::swap(unsorted[35], unsorted[38]);  // the countries' first letters
  std::string no_dimensions = body;
  no_dimensions[8] = 0;
  for (const std::string& bad : {std::string(), std::string("HSTOWER1"), good.substr(0, good.size() - 1), good + "x",
                                 flipped, sealed(body.substr(0, body.size() - 1)), sealed(body + "x"),
                                 sealed(no_dimensions), sealed(not_a_number), sealed("HSTOWER1"), sealed("HSTOWER2"),
                                 sealed("HSTOWER2\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), sealed(unsorted)}) {
    const auto opened = TwoTower::open(std::make_shared<HeapBytes>(bad));
    ASSERT_FALSE(opened) << bad.size();
    EXPECT_EQ(opened.error().code, Code::kCorrupt);
  }
}

}  // namespace
}  // namespace handsel::models
