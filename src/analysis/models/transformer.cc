#include "analysis/models/transformer.h"

#include <algorithm>
#include <cmath>

#include <fmt/ranges.h>

namespace handsel::models {

// Finds tensors by the names that released models give them, and checks their shapes.
class Transformer::Loader {
 public:
  Loader(const Safetensors& file, std::string_view name) : file_(file), name_(name) {}

  // Models that were saved with a head on top have a prefix before every name.
  Result<void> find_prefix() {
    for (const char* prefix : {"", "bert.", "albert.", "0.auto_model.", "model."}) {
      prefix_ = prefix;
      if (file_.find(prefix_ + "embeddings.word_embeddings.weight") != nullptr) return {};
    }
    return fail(Code::kInvalidData,
                "{}: it has no tensor embeddings.word_embeddings.weight; is it a BERT or ALBERT encoder?", name_);
  }

  Result<Tensor> tensor(std::string_view tensor_name, const std::vector<std::size_t>& shape) const {
    const std::string full = prefix_ + std::string(tensor_name);
    const Tensor* found = file_.find(full);
    if (found == nullptr) return fail(Code::kInvalidData, "{}: tensor {} is missing", name_, full);
    if (found->type == TensorType::kOther) {
      return fail(Code::kUnsupported, "{}: tensor {} is not of type F32, F16 or BF16; save the model in one of them",
                  name_, full);
    }
    if (found->shape != shape) {
      return fail(Code::kInvalidData, "{}: tensor {} has shape {}, config.json makes it {}", name_, full, found->shape,
                  shape);
    }
    return *found;
  }

  Result<std::vector<float>> floats(std::string_view tensor_name, const std::vector<std::size_t>& shape) const {
    HANDSEL_ASSIGN(const Tensor found, tensor(tensor_name, shape));
    std::vector<float> values(found.size());
    read_floats(found, 0, values);
    return values;
  }

  // Several linear layers of the same inputs, their outputs side by side.
  Result<void> linear(std::span<const std::string> names, MatrixShape each, Linear& out) const {
    out.weights.reset({each.outputs * names.size(), each.inputs});
    std::size_t first = 0;
    for (const std::string& layer : names) {
      HANDSEL_ASSIGN(const auto weights, floats(layer + ".weight", {each.outputs, each.inputs}));
      HANDSEL_ASSIGN(const auto bias, floats(layer + ".bias", {each.outputs}));
      out.weights.set_outputs(first, {weights.data(), each.outputs, each.inputs});
      out.bias.insert(out.bias.end(), bias.begin(), bias.end());
      first += each.outputs;
    }
    return {};
  }
  Result<void> linear(const std::string& layer, MatrixShape shape, Linear& out) const {
    return linear(std::span(&layer, 1), shape, out);
  }

  Result<void> norm(const std::string& layer, std::size_t size, Norm& out) const {
    // Checkpoints that came from TensorFlow call them gamma and beta.
    const bool old = file_.find(prefix_ + layer + ".gamma") != nullptr;
    HANDSEL_ASSIGN(out.gain, floats(layer + (old ? ".gamma" : ".weight"), {size}));
    HANDSEL_ASSIGN(out.shift, floats(layer + (old ? ".beta" : ".bias"), {size}));
    return {};
  }

  Result<void> embeddings(const TransformerSettings& settings, Transformer& out) const {
    HANDSEL_ASSIGN(out.words_, tensor("embeddings.word_embeddings.weight", {settings.vocabulary, settings.embedding}));
    HANDSEL_ASSIGN(out.positions_,
                   floats("embeddings.position_embeddings.weight", {settings.positions, settings.embedding}));
    HANDSEL_ASSIGN(const auto segment, first_segment(settings.embedding));
    for (std::size_t i = 0; i < out.positions_.size(); ++i) out.positions_[i] += segment[i % settings.embedding];
    return norm("embeddings.LayerNorm", settings.embedding, out.embedding_norm_);
  }

  Result<void> bert_layer(const TransformerSettings& settings, std::size_t number, Layer& out) const {
    const std::string layer = fmt::format("encoder.layer.{}.", number);
    const std::string self = layer + "attention.self.";
    const std::string names[] = {self + "query", self + "key", self + "value"};
    HANDSEL_TRY(linear(names, {settings.hidden, settings.hidden}, out.attention_in));
    HANDSEL_TRY(linear(layer + "attention.output.dense", {settings.hidden, settings.hidden}, out.attention_out));
    HANDSEL_TRY(norm(layer + "attention.output.LayerNorm", settings.hidden, out.attention_norm));
    HANDSEL_TRY(linear(layer + "intermediate.dense", {settings.intermediate, settings.hidden}, out.widen));
    HANDSEL_TRY(linear(layer + "output.dense", {settings.hidden, settings.intermediate}, out.shrink));
    return norm(layer + "output.LayerNorm", settings.hidden, out.norm);
  }

  Result<void> albert_layer(const TransformerSettings& settings, Layer& out) const {
    const std::string layer = "encoder.albert_layer_groups.0.albert_layers.0.";
    const std::string attention = layer + "attention.";
    const std::string names[] = {attention + "query", attention + "key", attention + "value"};
    HANDSEL_TRY(linear(names, {settings.hidden, settings.hidden}, out.attention_in));
    HANDSEL_TRY(linear(attention + "dense", {settings.hidden, settings.hidden}, out.attention_out));
    HANDSEL_TRY(norm(attention + "LayerNorm", settings.hidden, out.attention_norm));
    HANDSEL_TRY(linear(layer + "ffn", {settings.intermediate, settings.hidden}, out.widen));
    HANDSEL_TRY(linear(layer + "ffn_output", {settings.hidden, settings.intermediate}, out.shrink));
    return norm(layer + "full_layer_layer_norm", settings.hidden, out.norm);
  }

 private:
  // Segments tell the two sentences of a pair apart; a text alone is segment 0.
  Result<std::vector<float>> first_segment(std::size_t width) const {
    const std::string full = prefix_ + "embeddings.token_type_embeddings.weight";
    const Tensor* found = file_.find(full);
    if (found == nullptr || found->type == TensorType::kOther || found->shape.size() != 2 || found->shape[0] == 0 ||
        found->shape[1] != width) {
      return fail(Code::kInvalidData, "{}: tensor {} is missing or not {} wide", name_, full, width);
    }
    std::vector<float> values(width);
    read_floats(*found, 0, values);
    return values;
  }

  const Safetensors& file_;
  const std::string_view name_;
  std::string prefix_;
};

// What one call needs; a row a token.
struct Transformer::Workspace {
  std::vector<float> embedded;
  std::vector<float> rows;
  std::vector<float> attention_in;
  std::vector<float> context;
  std::vector<float> wide;
  std::vector<float> change;
  std::vector<float> scores;
  PackedMatrix keys;
  PackedMatrix values;
};

Result<std::unique_ptr<const Transformer>> Transformer::open(const TransformerSettings& settings,
                                                             std::shared_ptr<const FileBytes> weights,
                                                             std::string_view name, Instructions instructions) {
  HANDSEL_ASSIGN(const Safetensors file, Safetensors::parse(weights->bytes(), name));
  Loader loader(file, name);
  HANDSEL_TRY(loader.find_prefix());
  std::unique_ptr<Transformer> result(new Transformer(settings, std::move(weights), instructions));
  HANDSEL_TRY(loader.embeddings(settings, *result));
  if (settings.architecture == Architecture::kAlbert) {
    HANDSEL_TRY(loader.linear("encoder.embedding_hidden_mapping_in", {settings.hidden, settings.embedding},
                              result->embedding_out_));
    HANDSEL_TRY(loader.albert_layer(settings, result->layers_.emplace_back()));
  } else {
    for (std::size_t i = 0; i < settings.layers; ++i) {
      HANDSEL_TRY(loader.bert_layer(settings, i, result->layers_.emplace_back()));
    }
  }
  result->weights_->release();  // the linear layers' pages are not needed again
  return result;
}

LayerNorm Transformer::view(const Norm& norm) const {
  return {norm.gain, norm.shift, static_cast<float>(settings_.layer_norm_epsilon)};
}

void Transformer::multiply(const Linear& linear, ConstRows in, Activation activation, float* out) const {
  linear.weights.multiply(in, linear.bias, activation, {out, linear.weights.shape().outputs}, instructions_);
}

void Transformer::embed(const TokenBatch& batch, Workspace& space) const {
  const std::size_t width = settings_.embedding;
  const bool widened = settings_.architecture == Architecture::kAlbert;
  std::vector<float>& rows = widened ? space.embedded : space.rows;
  rows.resize(batch.tokens.size() * width);
  std::size_t begin = 0;
  for (const std::size_t end : batch.ends) {
    HANDSEL_CHECK(begin < end && end - begin <= settings_.positions);
    for (std::size_t at = begin; at < end; ++at) {
      const std::span row(rows.data() + at * width, width);
      read_floats(words_, static_cast<std::size_t>(batch.tokens[at]) * width, row);
      normalise_layer(row, std::span(positions_).subspan((at - begin) * width, width), view(embedding_norm_));
    }
    begin = end;
  }
  if (!widened) return;
  space.rows.resize(batch.tokens.size() * settings_.hidden);
  multiply(embedding_out_, {rows.data(), batch.tokens.size(), width}, Activation::kNone, space.rows.data());
}

// Softmax(queries * keys / sqrt(width)) * values, head by head, for one sequence.
void Transformer::attend(std::size_t begin, std::size_t end, Workspace& space) const {
  const std::size_t size = end - begin;
  const std::size_t hidden = settings_.hidden;
  const std::size_t width = hidden / settings_.heads;
  const float scale = 1.0f / std::sqrt(static_cast<float>(width));
  space.scores.resize(size * size);
  for (std::size_t head = 0; head < settings_.heads; ++head) {
    const float* queries = space.attention_in.data() + begin * 3 * hidden + head * width;
    space.keys.reset({size, width});
    space.keys.set_outputs(0, {queries + hidden, size, 3 * hidden});
    space.keys.multiply({queries, size, 3 * hidden}, {}, Activation::kNone, {space.scores.data(), size}, instructions_);
    for (std::size_t i = 0; i < size; ++i) softmax({space.scores.data() + i * size, size}, scale, instructions_);
    space.values.reset({width, size});
    space.values.set_inputs({queries + 2 * hidden, size, 3 * hidden});
    space.values.multiply({space.scores.data(), size, size}, {}, Activation::kNone,
                          {space.context.data() + begin * hidden + head * width, hidden}, instructions_);
  }
}

void Transformer::apply(const Layer& layer, const TokenBatch& batch, Workspace& space) const {
  const std::size_t count = batch.tokens.size();
  const std::size_t hidden = settings_.hidden;
  const auto add_and_norm = [&](const Norm& norm) {
    for (std::size_t i = 0; i < count; ++i) {
      normalise_layer({space.rows.data() + i * hidden, hidden}, {space.change.data() + i * hidden, hidden}, view(norm));
    }
  };
  multiply(layer.attention_in, {space.rows.data(), count, hidden}, Activation::kNone, space.attention_in.data());
  std::size_t begin = 0;
  for (const std::size_t end : batch.ends) {
    attend(begin, end, space);
    begin = end;
  }
  multiply(layer.attention_out, {space.context.data(), count, hidden}, Activation::kNone, space.change.data());
  add_and_norm(layer.attention_norm);
  multiply(layer.widen, {space.rows.data(), count, hidden}, settings_.activation, space.wide.data());
  multiply(layer.shrink, {space.wide.data(), count, settings_.intermediate}, Activation::kNone, space.change.data());
  add_and_norm(layer.norm);
}

void Transformer::pool(const TokenBatch& batch, const Workspace& space, std::span<float> out) const {
  const std::size_t hidden = settings_.hidden;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::span result = out.subspan(i * hidden, hidden);
    const std::size_t rows = settings_.pooling == Pooling::kMean ? batch.ends[i] - begin : 1;
    std::ranges::fill(result, 0.0f);
    for (std::size_t row = begin; row < begin + rows; ++row) {
      for (std::size_t j = 0; j < hidden; ++j) result[j] += space.rows[row * hidden + j];
    }
    for (float& x : result) x /= static_cast<float>(rows);
    normalise_length(result);
    begin = batch.ends[i];
  }
}

void Transformer::encode(const TokenBatch& batch, std::span<float> out) const {
  HANDSEL_CHECK(out.size() == batch.size() * settings_.hidden);
  const std::size_t count = batch.tokens.size();
  Workspace space;
  embed(batch, space);
  space.attention_in.resize(count * 3 * settings_.hidden);
  space.context.resize(count * settings_.hidden);
  space.change.resize(count * settings_.hidden);
  space.wide.resize(count * settings_.intermediate);
  for (std::size_t i = 0; i < settings_.layers; ++i) apply(layers_[layers_.size() == 1 ? 0 : i], batch, space);
  pool(batch, space, out);
}

}  // namespace handsel::models
