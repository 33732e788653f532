// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "fyr/error.hpp"
#include "fyr/model.hpp"
#include "model/metadata.hpp"
#include "model/model_id.hpp"
#include "model/safetensors.hpp"
#include "text.hpp"

namespace fyr {
namespace {

constexpr const char* kModelRemedy = "; use an intact file that this version's training exported";

/// Reads the weights that `sizes` asks for, and remembers their names.
class WeightReader {
 public:
  explicit WeightReader(SafetensorsFile& file) : file_(file) {}

  RowVector vector(const std::string& name, Eigen::Index n_columns) {
    names_.push_back(name);
    return file_.read_vector(name, n_columns);
  }

  ConvolutionLayer convolution(const std::string& prefix, Eigen::Index n_inputs,
                               const ConvolutionSizes& sizes) {
    return {matrix(prefix + ".weight", sizes.n_channels, n_inputs),
            vector(prefix + ".bias", sizes.n_channels), sizes.pooled_bands};
  }

  BiLstmLayer bilstm(const std::string& prefix, Eigen::Index n_inputs, Eigen::Index n_units) {
    return {direction(prefix + ".forward", n_inputs, n_units),
            direction(prefix + ".backward", n_inputs, n_units)};
  }

  DenseLayer dense(const std::string& prefix, Eigen::Index n_inputs, Eigen::Index n_units) {
    return {matrix(prefix + ".weight", n_units, n_inputs), vector(prefix + ".bias", n_units)};
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  Matrix matrix(const std::string& name, Eigen::Index n_rows, Eigen::Index n_columns) {
    names_.push_back(name);
    return file_.read_matrix(name, n_rows, n_columns);
  }

  LstmWeights direction(const std::string& prefix, Eigen::Index n_inputs, Eigen::Index n_units) {
    return {matrix(prefix + ".weight_ih", 4 * n_units, n_inputs),
            matrix(prefix + ".weight_hh", 4 * n_units, n_units),
            vector(prefix + ".bias", 4 * n_units)};
  }

  SafetensorsFile& file_;
  std::vector<std::string> names_;
};

// Images and what a segment holds of a layer are not bounded by the size of the file as weights
// are: a small file must not be able to ask for all memory.
constexpr std::size_t kMostConvolutions = 16;
constexpr Eigen::Index kMostImageValues = 40000;
constexpr Eigen::Index kMostSegmentValues = Eigen::Index{1} << 24;
/// Channels of an image are filled up to whole vectors, of which the widest have as many.
constexpr Eigen::Index kWidestVector = 16;

/// Refuses so many frames of a layer's inputs or gates at a time.
void check_segment(Eigen::Index n_frames, Eigen::Index n_values) {
  if (n_frames * n_values > kMostSegmentValues) {
    throw InputError("the network would hear " + std::to_string(n_frames) + " frames of " +
                     std::to_string(n_values) + " values at once, more than " +
                     std::to_string(kMostSegmentValues) + " values");
  }
}

/// Appends the convolutions, if there are any, and returns how wide the layer above them is.
Eigen::Index read_convolutions(WeightReader& weights, const std::vector<ConvolutionSizes>& sizes,
                               Model& model) {
  if (sizes.empty()) return n_features(model.features);
  const ImageSize image = image_size(model.features);
  Eigen::Index n_bands = image.n_bands;
  Eigen::Index n_channels = image.n_planes;
  if (sizes.size() > kMostConvolutions) {
    throw InputError(std::to_string(sizes.size()) + " convolutions, at most " +
                     std::to_string(kMostConvolutions) + " are run");
  }
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    const Eigen::Index widest = std::max<Eigen::Index>(n_channels, sizes[k].n_channels);
    const Eigen::Index n_vectors = (widest + kWidestVector - 1) / kWidestVector;
    if (n_bands * n_vectors * kWidestVector > kMostImageValues) {
      throw InputError("convolution " + std::to_string(k) + " makes or reads frames of more than " +
                       std::to_string(kMostImageValues) + " values");
    }
    model.stack.layers.emplace_back(weights.convolution(
        "convolution." + std::to_string(k), kConvolutionNeighbours * n_channels, sizes[k]));
    n_channels = sizes[k].n_channels;
    n_bands /= sizes[k].pooled_bands;
  }
  if (n_bands == 0) {
    throw InputError("the convolutions leave none of " + std::to_string(image.n_bands) + " bands");
  }
  return n_bands * n_channels + n_features(model.features) - image.n_features();
}

/// Appends the layers above the convolutions. Names begin with `prefix`.
void read_upper_layers(WeightReader& weights, const std::string& prefix, const LayerSizes& sizes,
                       Eigen::Index n_inputs, LayerStack& stack) {
  for (std::size_t k = 0; k < sizes.lstm_units.size(); ++k) {
    const Eigen::Index n_units = sizes.lstm_units[k];
    check_segment(stack.segment_frames, std::max(n_inputs, 4 * n_units));
    stack.layers.emplace_back(
        weights.bilstm(prefix + "lstm." + std::to_string(k), n_inputs, n_units));
    n_inputs = 2 * n_units;
  }
  stack.layers.emplace_back(weights.dense(prefix + "dense", n_inputs, sizes.dense_units));
}

Model read_model(const std::filesystem::path& path) {
  SafetensorsFile file(path);
  auto [model, sizes, hits_sizes] = parse_metadata(file.metadata("fyr"));
  check_segment(std::max(model.stack.segment_frames, n_lead_frames(model.features)),
                n_features(model.features));
  WeightReader weights(file);
  model.input_mean = weights.vector("input.mean", n_features(model.features));
  model.input_scale = weights.vector("input.scale", n_features(model.features));
  const Eigen::Index n_inputs = read_convolutions(weights, sizes.convolutions, model);
  read_upper_layers(weights, "", sizes, n_inputs, model.stack);
  if (model.hits_network) {
    read_upper_layers(weights, "hits.", hits_sizes, kNHitInputs, model.hits_network->stack);
  }
  file.require_only(weights.names());
  return std::move(model);
}

/// Adds which file it was, and what to do if the cause does not say.
[[noreturn]] void rethrow(const InputError& error, const char* what,
                          const std::filesystem::path& path, const char* remedy) {
  const std::string cause = error.what();
  throw InputError(std::string("cannot read ") + what + " \"" + path.string() + "\": " + cause +
                   (says_what_to_do(cause) ? "" : remedy));
}

}  // namespace

int OutputLayout::n_columns() const {
  const int n = static_cast<int>(onsets.size());
  return n * (velocities ? 2 : 1) + (beats ? 2 : 0);
}

ImageSize image_size(const FeatureSettings& settings) {
  const SpectrogramView& view = settings.views.front();
  return {view.difference ? 2 : 1, n_bands(view, settings.rate_hz)};
}

Model load_model(const std::filesystem::path& path) {
  try {
    return read_model(path);
  } catch (const InputError& error) {
    rethrow(error, "model", path, kModelRemedy);
  }
}

std::string load_model_id(const std::filesystem::path& path) {
  try {
    return parse_metadata(SafetensorsFile(path).metadata("fyr")).model.id;
  } catch (const InputError& error) {
    rethrow(error, "model", path, kModelRemedy);
  }
}

FeatureSettings load_feature_settings(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  try {
    return parse_feature_settings(parse_json(text, "it"));
  } catch (const InputError& error) {
    rethrow(error, "feature settings", path,
            "; models/training/features.json shows what is needed");
  }
}

}  // namespace fyr
