// The training module, opened when somebody trains: see training/trainer_functions.h.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "analysis/models/training/trainer_functions.h"
#include "base/core/result.h"

namespace handsel::models {

// One trainer of the module, with errors as Results. One thread. The module stays
// loaded until the process ends: libtorch cannot be unloaded.
class TrainerModule {
 public:
  // `path` empty: handsel_trainer.so beside the program. kUnsupported where it is not
  // there or not of this version.
  static Result<TrainerModule> open(const std::string& path, const HandselTrainerShape& shape);

  Result<void> step(HandselBatch& batch);
  // The floats of both towers, in the order of the model's file.
  Result<std::string> weights();
  Result<std::string> save();
  Result<void> load(std::string_view bytes);
  Result<void> orthonormalise(std::span<float> matrix, std::size_t columns);
  std::string library() const { return functions_->library(); }

 private:
  using Release = void (*)(HandselTrainer*);
  TrainerModule(const HandselTrainerFunctions* functions, HandselTrainer* trainer)
      : functions_(functions), trainer_(trainer, functions->release) {}
  Result<void> checked(bool good, std::string_view what);

  const HandselTrainerFunctions* functions_;
  std::unique_ptr<HandselTrainer, Release> trainer_;
};

}  // namespace handsel::models
