// The forward pass of encoders in the shape of BERT: tokens in, one vector a text out.
//
//   rows   = norm(word + position + segment)               (ALBERT: then widened)
//   layer: rows = norm(rows + project(attention(rows)))
//          rows = norm(rows + shrink(activation(widen(rows))))
//   result = mean of the rows, or the first one, made length 1
//
// (Vaswani et al. 2017, arXiv:1706.03762; norms after the additions as in BERT.) All in
// single precision. Texts of one call are laid end to end, so none is filled up to the
// length of another.
//
// Linear layers are copied into packed form when it is opened; embeddings are read from
// the mapped weights as they are needed. Immutable, any thread, one thread a call.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analysis/models/elementwise.h"
#include "analysis/models/packed_matrix.h"
#include "analysis/models/safetensors.h"
#include "analysis/models/transformer_settings.h"
#include "base/core/file_system.h"
#include "base/core/result.h"

namespace handsel::models {

// Sequences laid end to end.
struct TokenBatch {
  std::vector<std::int32_t> tokens;
  std::vector<std::size_t> ends;  // of each sequence, in `tokens`

  std::size_t size() const { return ends.size(); }
  void clear() {
    tokens.clear();
    ends.clear();
  }
};

class Transformer {
 public:
  // `settings` are checked. `name` is what errors call the weights. kInvalidData where
  // a tensor is missing or of another shape than the settings say.
  static Result<std::unique_ptr<const Transformer>> open(const TransformerSettings& settings,
                                                         std::shared_ptr<const FileBytes> weights,
                                                         std::string_view name,
                                                         Instructions instructions = best_instructions());

  std::size_t dimensions() const { return settings_.hidden; }

  // Every sequence has 1 to settings.positions tokens below settings.vocabulary.
  // `out`: batch.size() x dimensions(). Memory: about 25 KB a token of the batch at a
  // width of 384.
  void encode(const TokenBatch& batch, std::span<float> out) const;

 private:
  struct Linear {
    PackedMatrix weights;
    std::vector<float> bias;
  };
  struct Norm {
    std::vector<float> gain;
    std::vector<float> shift;
  };
  struct Layer {
    Linear attention_in;  // queries, keys and values side by side
    Linear attention_out;
    Norm attention_norm;
    Linear widen;
    Linear shrink;
    Norm norm;
  };
  class Loader;
  struct Workspace;

  Transformer(const TransformerSettings& settings, std::shared_ptr<const FileBytes> weights, Instructions instructions)
      : settings_(settings), instructions_(instructions), weights_(std::move(weights)) {}

  LayerNorm view(const Norm& norm) const;
  void embed(const TokenBatch& batch, Workspace& space) const;
  void apply(const Layer& layer, const TokenBatch& batch, Workspace& space) const;
  void attend(std::size_t begin, std::size_t end, Workspace& space) const;
  void multiply(const Linear& linear, ConstRows in, Activation activation, float* out) const;
  void pool(const TokenBatch& batch, const Workspace& space, std::span<float> out) const;

  const TransformerSettings settings_;
  const Instructions instructions_;
  const std::shared_ptr<const FileBytes> weights_;
  Tensor words_;
  std::vector<float> positions_;  // with segment 0 added
  Norm embedding_norm_;
  Linear embedding_out_;       // ALBERT only
  std::vector<Layer> layers_;  // ALBERT: one, used settings.layers times
};

}  // namespace handsel::models
