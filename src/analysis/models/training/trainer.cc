// The training module: both towers, their loss and their optimiser in libtorch. The
// only file that includes libtorch.
//
// The forward pass here and TwoTower::encode are one formula written twice; a test
// holds them against each other.
#include <torch/torch.h>
#include <torch/version.h>

#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/models/training/trainer_functions.h"

// Of OpenBLAS, which Debian's libtorch multiplies with; not there with another BLAS.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int threads);

namespace {

using torch::Tensor;

constexpr double kSquareMin = 1e-24;

struct Tower {
  Tensor gates, matrix, inner, offset, outer, side;

  Tower(const HandselTrainerShape& shape, const HandselTowerShape& tower) {
    const auto dimensions = static_cast<std::int64_t>(shape.dimensions);
    const auto hidden = static_cast<std::int64_t>(shape.hidden);
    gates = torch::ones({static_cast<std::int64_t>(tower.segments)});
    matrix = torch::eye(dimensions);
    // The outer layer begins at nothing: the model begins as a plain sum of features.
    inner = torch::randn({dimensions, hidden});
    offset = torch::zeros({hidden});
    outer = torch::zeros({hidden, dimensions});
    side = torch::zeros({static_cast<std::int64_t>(tower.side), dimensions});
    for (Tensor* parameter : all()) parameter->set_requires_grad(true);
  }

  std::vector<Tensor*> all() { return {&gates, &matrix, &inner, &offset, &outer, &side}; }

  // sums: n x segments x dimensions; extra: n x side, or undefined.
  Tensor forward(const Tensor& sums, const Tensor& extra) const {
    const Tensor input = unit((sums * gates.view({1, -1, 1})).sum(1));
    Tensor output = input.mm(matrix);
    if (offset.numel() > 0) output = output + torch::relu(input.mm(inner) + offset).mm(outer);
    if (extra.defined()) output = output + extra.mm(side);
    return unit(output);
  }

  // Rows of length 1, or zero with no gradient: torch's own normalize() gives a row of
  // zeros a gradient of 1e12.
  static Tensor unit(const Tensor& rows) {
    const Tensor squares = rows.square().sum(1, true);
    const Tensor has_length = squares.gt(kSquareMin).to(torch::kFloat32);
    return rows * has_length / squares.clamp_min(kSquareMin).sqrt();
  }
};

Tensor borrow(const float* data, std::vector<std::int64_t> sizes) {
  return torch::from_blob(const_cast<float*>(data), sizes, torch::kFloat32);
}

Tensor loss_of(const Tensor& cosines, const HandselBatch& batch) {
  const auto queries = static_cast<std::int64_t>(batch.queries);
  const auto listings = static_cast<std::int64_t>(batch.listings);
  const Tensor kinds = torch::from_blob(const_cast<std::uint8_t*>(batch.kinds), {queries, listings}, torch::kUInt8);
  const Tensor row_weights = borrow(batch.row_weights, {queries});
  Tensor total = torch::zeros({queries});
  for (std::size_t kind = 1; kind < kHandselPairKindsMax; ++kind) {
    const HandselPairKind& rule = batch.pair_kinds[kind];
    if (rule.weight <= 0) continue;
    const Tensor mask = kinds.eq(static_cast<std::int64_t>(kind)).to(torch::kFloat32);
    Tensor cost = (torch::relu(rule.lower - cosines).square() + torch::relu(cosines - rule.upper).square()) * mask;
    // Of one kind, a larger cosine costs more where only the upper bound counts, and
    // only such kinds are cut to the nearest.
    const auto nearest = static_cast<std::int64_t>(rule.nearest_only);
    if (nearest > 0 && nearest < listings) cost = std::get<0>(cost.topk(nearest, 1));
    total = total + rule.weight * cost.sum(1);
  }
  return (total * row_weights).sum() / static_cast<double>(queries);
}

}  // namespace

struct HandselTrainer {
  explicit HandselTrainer(const HandselTrainerShape& given)
      : shape(given), query(given, given.query), listing(given, given.listing) {
    std::vector<Tensor> parameters;
    for (Tower* tower : {&query, &listing}) {
      for (Tensor* parameter : tower->all()) {
        if (parameter->numel() > 0) parameters.push_back(*parameter);
      }
    }
    optimiser = std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(given.learning_rate));
  }

  void step(HandselBatch& batch) {
    const auto dimensions = static_cast<std::int64_t>(shape.dimensions);
    const auto queries = static_cast<std::int64_t>(batch.queries);
    const auto listings = static_cast<std::int64_t>(batch.listings);
    Tensor query_sums =
        borrow(batch.query_sums, {queries, static_cast<std::int64_t>(shape.query.segments), dimensions});
    Tensor listing_sums =
        borrow(batch.listing_sums, {listings, static_cast<std::int64_t>(shape.listing.segments), dimensions});
    query_sums.set_requires_grad(true);
    listing_sums.set_requires_grad(true);
    Tensor query_side;
    Tensor listing_side;
    if (batch.query_side != nullptr) {
      query_side = borrow(batch.query_side, {queries, static_cast<std::int64_t>(shape.query.side)});
    }
    if (batch.listing_side != nullptr) {
      listing_side = borrow(batch.listing_side, {listings, static_cast<std::int64_t>(shape.listing.side)});
    }
    optimiser->zero_grad();
    const Tensor from = query.forward(query_sums, query_side);
    const Tensor to = listing.forward(listing_sums, listing_side);
    const Tensor loss = loss_of(from.mm(to.t()), batch);
    loss.backward();
    auto& options = static_cast<torch::optim::AdamOptions&>(optimiser->param_groups()[0].options());
    options.lr(shape.learning_rate * batch.learning_rate_scale);
    optimiser->step();
    borrow(batch.query_gradients, query_sums.sizes().vec()).copy_(query_sums.grad());
    borrow(batch.listing_gradients, listing_sums.sizes().vec()).copy_(listing_sums.grad());
    batch.loss = loss.item<double>();
  }

  void weights(HandselSink sink, void* context) {
    for (Tower* tower : {&query, &listing}) {
      for (Tensor* parameter : tower->all()) {
        const Tensor values = parameter->detach().contiguous();
        sink(context, reinterpret_cast<const char*>(values.data_ptr<float>()),
             static_cast<std::size_t>(values.numel()) * sizeof(float));
      }
    }
  }

  void save(HandselSink sink, void* context) {
    torch::serialize::OutputArchive archive;
    int number = 0;
    for (Tower* tower : {&query, &listing}) {
      for (Tensor* parameter : tower->all()) archive.write(std::to_string(number++), parameter->detach());
    }
    torch::serialize::OutputArchive state;
    optimiser->save(state);
    archive.write("optimiser", state);
    std::ostringstream out;
    archive.save_to(out);
    const std::string bytes = out.str();
    sink(context, bytes.data(), bytes.size());
  }

  void load(std::string_view bytes) {
    torch::serialize::InputArchive archive;
    std::istringstream in{std::string(bytes)};
    archive.load_from(in);
    const torch::NoGradGuard no_gradients;
    int number = 0;
    for (Tower* tower : {&query, &listing}) {
      for (Tensor* parameter : tower->all()) {
        Tensor value;
        archive.read(std::to_string(number++), value);
        TORCH_CHECK(value.sizes() == parameter->sizes(), "the checkpoint is of a model with other sizes");
        parameter->copy_(value);
      }
    }
    torch::serialize::InputArchive state;
    archive.read("optimiser", state);
    optimiser->load(state);
  }

  const HandselTrainerShape shape;
  Tower query;
  Tower listing;
  std::unique_ptr<torch::optim::Adam> optimiser;
  std::string error;
};

namespace {

// Exceptions end here.
template <typename Body>
bool guarded(HandselTrainer* trainer, const Body& body) {
  try {
    trainer->error.clear();
    body();
    return true;
  } catch (const c10::Error& error) {
    trainer->error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    trainer->error = error.what();
  }
  return false;
}

HandselTrainer* make(const HandselTrainerShape* shape) {
  try {
    torch::set_num_threads(shape->threads);
    if (openblas_set_num_threads != nullptr) openblas_set_num_threads(shape->threads);
    torch::manual_seed(shape->seed);
    return new HandselTrainer(*shape);
  } catch (const std::exception&) {
    return nullptr;
  }
}

void orthonormalise(float* matrix, std::uint64_t rows, std::uint64_t columns) {
  Tensor values = borrow(matrix, {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)});
  values.copy_(std::get<0>(torch::linalg_qr(values, "reduced")));
}

constexpr HandselTrainerFunctions kFunctions{
    .version = kHandselTrainerVersion,
    .library = [] { return "libtorch " TORCH_VERSION; },
    .make = make,
    .release = [](HandselTrainer* trainer) { delete trainer; },
    .step = [](HandselTrainer* trainer,
               HandselBatch* batch) { return guarded(trainer, [&] { trainer->step(*batch); }); },
    .weights = [](HandselTrainer* trainer, HandselSink sink,
                  void* context) { return guarded(trainer, [&] { trainer->weights(sink, context); }); },
    .save = [](HandselTrainer* trainer, HandselSink sink,
               void* context) { return guarded(trainer, [&] { trainer->save(sink, context); }); },
    .load = [](HandselTrainer* trainer, const char* bytes,
               std::size_t size) { return guarded(trainer, [&] { trainer->load({bytes, size}); }); },
    .orthonormalise =
        [](HandselTrainer* trainer, float* matrix, std::uint64_t rows, std::uint64_t columns) {
          return guarded(trainer, [&] { orthonormalise(matrix, rows, columns); });
        },
    .last_error = [](const HandselTrainer* trainer) { return trainer->error.c_str(); },
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const HandselTrainerFunctions* handsel_trainer_functions() {
  return &kFunctions;
}
