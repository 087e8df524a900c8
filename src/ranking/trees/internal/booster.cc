#include "ranking/trees/internal/booster.h"

#include <limits>

#include <fmt/format.h>
#include <xgboost/c_api.h>

namespace handsel::trees::internal {
namespace {

Result<void> ok(int status) {
  if (status == 0) return {};
  const std::string_view message = XGBGetLastError();
  return fail(Code::kInvalidArgument, "XGBoost: {}", message.substr(0, message.find('\n')));
}

std::string array_interface(const float* data, std::size_t rows, std::size_t columns) {
  return fmt::format(R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
                     reinterpret_cast<std::uintptr_t>(data), rows, columns);
}

constexpr const char* kMarginOfAllTrees =
    R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false})";

}  // namespace

void Matrix::Close::operator()(void* handle) const {
  XGDMatrixFree(handle);
}
void Booster::Close::operator()(void* handle) const {
  XGBoosterFree(handle);
}

Result<Matrix> Matrix::create(const RankingRows& rows, int threads) {
  void* handle = nullptr;
  HANDSEL_TRY(ok(XGDMatrixCreateFromMat_omp(rows.values.data(), rows.rows(), rows.features.size(),
                                            std::numeric_limits<float>::quiet_NaN(), &handle, threads)));
  Matrix out;
  out.handle_.reset(handle);
  out.rows_ = rows.rows();
  return out;
}

Result<void> Matrix::set_margins(std::span<const float> margins) {
  return ok(XGDMatrixSetFloatInfo(handle(), "base_margin", margins.data(), margins.size()));
}

Result<void> Matrix::set_grades(const RankingRows& rows) {
  std::vector<unsigned> sizes;
  for (std::size_t group = 0; group < rows.groups(); ++group)
    sizes.push_back(static_cast<unsigned>(rows.size_of(group)));
  HANDSEL_TRY(ok(XGDMatrixSetFloatInfo(handle(), "label", rows.gains.data(), rows.gains.size())));
  return ok(XGDMatrixSetUIntInfo(handle(), "group", sizes.data(), sizes.size()));
}

Result<Booster> Booster::create(std::span<const Matrix* const> matrices, const Settings& settings) {
  std::vector<DMatrixHandle> handles;
  for (const Matrix* matrix : matrices) handles.push_back(matrix->handle());
  void* handle = nullptr;
  HANDSEL_TRY(ok(XGBoosterCreate(handles.data(), handles.size(), &handle)));
  Booster out;
  out.handle_.reset(handle);
  for (const auto& [name, value] : settings) {
    HANDSEL_TRY(ok(XGBoosterSetParam(handle, name.c_str(), value.c_str())));
  }
  return out;
}

Result<void> Booster::boost(const Matrix& train, std::span<float> gradients, std::span<float> hessians) {
  return ok(XGBoosterBoostOneIter(handle_.get(), train.handle(), gradients.data(), hessians.data(), gradients.size()));
}

Result<void> Booster::update(const Matrix& train, int round) {
  return ok(XGBoosterUpdateOneIter(handle_.get(), round, train.handle()));
}

Result<void> Booster::predict(const Matrix& matrix, std::vector<float>& out) const {
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  HANDSEL_TRY(
      ok(XGBoosterPredictFromDMatrix(handle_.get(), matrix.handle(), kMarginOfAllTrees, &shape, &dimensions, &values)));
  out.assign(values, values + matrix.rows());
  return {};
}

Result<void> Booster::predict_in_place(std::span<const float> values, std::size_t columns,
                                       std::vector<float>& out) const {
  constexpr const char* kConfig =
      R"({"type":1,"iteration_begin":0,"iteration_end":0,"strict_shape":false,"cache_id":0,"missing":NaN})";
  const std::size_t rows = values.size() / columns;
  const std::string array = array_interface(values.data(), rows, columns);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* scores = nullptr;
  HANDSEL_TRY(
      ok(XGBoosterPredictFromDense(handle_.get(), array.c_str(), kConfig, nullptr, &shape, &dimensions, &scores)));
  out.assign(scores, scores + rows);
  return {};
}

Result<std::string> Booster::save() const {
  bst_ulong size = 0;
  const char* bytes = nullptr;
  HANDSEL_TRY(ok(XGBoosterSaveModelToBuffer(handle_.get(), R"({"format":"ubj"})", &size, &bytes)));
  return std::string(bytes, size);
}

std::string xgboost_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace handsel::trees::internal
