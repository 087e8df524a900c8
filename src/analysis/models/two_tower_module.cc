#include "analysis/models/two_tower_module.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

namespace handsel::models {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HANDSEL_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HANDSEL_SANITIZED
#endif

// Its own symbols first: libtorch must not find those of the program where the names are the
// same (docs/decisions/0004). Sanitizers know no such binding.
#ifdef HANDSEL_SANITIZED
constexpr int kOpenFlags = 0;
#else
constexpr int kOpenFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

std::string beside_the_program() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / "handsel_trainer.so").string();
}

void append_bytes(void* context, const char* bytes, std::size_t size) {
  static_cast<std::string*>(context)->append(bytes, size);
}

}  // namespace

Result<TrainerModule> TrainerModule::open(const std::string& path, const HandselTrainerShape& shape) {
  const std::string file = path.empty() ? beside_the_program() : path;
  if (kOpenFlags == 0) return fail(Code::kUnsupported, "training needs a build without sanitizers");
  void* library = dlopen(file.c_str(), kOpenFlags);
  if (library == nullptr) {
    return fail(Code::kUnsupported,
                "training needs the module '{}', which does not open ({}); build it where libtorch-dev is installed",
                file, dlerror());
  }
  using Entry = const HandselTrainerFunctions* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(library, "handsel_trainer_functions"));
  if (entry == nullptr || entry()->version != kHandselTrainerVersion) {
    return fail(Code::kUnsupported, "training needs a module of this version; '{}' is of another", file);
  }
  HandselTrainer* trainer = entry()->make(&shape);
  if (trainer == nullptr) {
    return fail(Code::kUnsupported, "training needs libtorch, which refuses a model of {} dimensions",
                shape.dimensions);
  }
  return TrainerModule(entry(), trainer);
}

Result<void> TrainerModule::checked(bool good, std::string_view what) {
  if (good) return {};
  return fail(Code::kUnsupported, "libtorch failed to {}: {}", what, functions_->last_error(trainer_.get()));
}

Result<void> TrainerModule::step(HandselBatch& batch) {
  return checked(functions_->step(trainer_.get(), &batch), "take a step");
}

Result<std::string> TrainerModule::weights() {
  std::string bytes;
  HANDSEL_TRY(checked(functions_->weights(trainer_.get(), append_bytes, &bytes), "give the weights"));
  return bytes;
}

Result<std::string> TrainerModule::save() {
  std::string bytes;
  HANDSEL_TRY(checked(functions_->save(trainer_.get(), append_bytes, &bytes), "save the trainer"));
  return bytes;
}

Result<void> TrainerModule::load(std::string_view bytes) {
  return checked(functions_->load(trainer_.get(), bytes.data(), bytes.size()), "load the checkpoint");
}

Result<void> TrainerModule::orthonormalise(std::span<float> matrix, std::size_t columns) {
  const std::size_t rows = matrix.size() / columns;
  return checked(functions_->orthonormalise(trainer_.get(), matrix.data(), rows, columns), "factor a matrix");
}

}  // namespace handsel::models
