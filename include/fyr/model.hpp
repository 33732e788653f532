// SPDX-License-Identifier: GPL-3.0-or-later

/// Model file: everything that training decided, in one safetensors file.
///
/// Layout: https://github.com/huggingface/safetensors. The metadata entry "fyr" holds one JSON
/// document (docs/model_format.md) with the feature settings, the layer list, the outputs, the
/// peak-picking settings, the context and the provenance. The C++ owns the mechanism, this file the
/// numbers.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fyr/drum.hpp"
#include "fyr/matrix.hpp"
#include "fyr/onset.hpp"
#include "fyr/spectrogram.hpp"

namespace fyr {

/// Frames x bands that a convolution sees.
inline constexpr int kConvolutionNeighbours = 3 * 3;

/// A convolution over 3 frames x 3 bands with C channels, of an image with B channels
/// (network.hpp).
///
/// Columns of a row, outermost first: earlier, same, later frame; lower, same, higher band; the B
/// channels.
struct ConvolutionLayer {
  Matrix weight;         ///< C x 9 B.
  RowVector bias;        ///< C.
  int pooled_bands = 1;  ///< The largest of so many neighbouring bands is kept.
};

/// One direction of an LSTM layer with H units and I inputs.
///
/// Rows are gates in PyTorch's order, H rows each: input, forget, cell, output.
struct LstmWeights {
  Matrix input;      ///< 4H x I, W_ih.
  Matrix recurrent;  ///< 4H x H, W_hh.
  RowVector bias;    ///< 4H, b_ih + b_hh.
};

/// Both directions; the output of a frame is [forward | backward], 2H wide.
struct BiLstmLayer {
  LstmWeights forward;
  LstmWeights backward;
};

/// y = sigmoid(W x + b), for every frame alike.
struct DenseLayer {
  Matrix weight;  ///< outputs x inputs.
  RowVector bias;
};

using Layer = std::variant<ConvolutionLayer, BiLstmLayer, DenseLayer>;

/// Which columns of the last layer mean what.
struct OutputLayout {
  std::vector<Drum> onsets;  ///< Columns 0..n-1: onset activations of these drums.
  bool velocities = false;   ///< Columns n..2n-1: velocities of the same drums, 0..1.
  bool beats = false;        ///< Two more columns: beat and downbeat activations.

  int n_columns() const;
};

/// Layers, and what they read at once.
struct LayerStack {
  std::vector<Layer> layers;  ///< Convolutions, if any, then one or more BiLstmLayer, a DenseLayer.
  OutputLayout outputs;
  int segment_frames = 500;  ///< Frames that are read at once (5 s).
  int overlap_frames = 125;  ///< Discarded on each side of a segment, for lack of context.
};

/// Parts of a beat or beats at which the context's features x_7 to x_16 look; x_17 and x_18 at half
/// a bar (context.hpp).
inline constexpr std::array kContextSteps_beats = {0.25, 1.0 / 3, 0.5, 1.0, 2.0};
inline constexpr std::size_t kNContextFeatures =
    7 + 2 * (kContextSteps_beats.size() + 1) + kNDrums + 2 + 1 + 1;
using ContextFeatures = std::array<double, kNContextFeatures>;

/// A unit of the context's hidden layer.
struct ContextUnit {
  ContextFeatures weights{};  ///< w_k
  PerDrum<double> biases{};   ///< bias_k
  PerDrum<double> outputs{};  ///< output_k
};

/// What a model file says about one drum beside the units.
struct DrumContext {
  double first_threshold = 0.3;  ///< Peaks of at least this, before context, find the bars.
  double own = 0;
  double constant = 0;
};

/// What the rest of a recording says about a peak (context.hpp).
struct Context {
  double least = 0.03;   ///< Lower peaks count as none.
  double near_s = 0.03;  ///< Half the width of "the same place".
  PerDrum<DrumContext> drums;
  std::vector<ContextUnit> units;
};

/// What the hits network reads of a frame: every drum in each half of it.
inline constexpr int kNHitInputs = 2 * static_cast<int>(kNDrums);

/// A second, small network, which reads hits instead of sound and says where beats and bars begin
/// (beats_in_hits.hpp).
struct HitsNetwork {
  double frame_s = 0.04;
  double least_strength = 0.3;  ///< Of the softest hit; the loudest has 1.
  /// No convolutions; its outputs are beats alone.
  LayerStack stack{.layers = {},
                   .outputs = {.onsets = {}, .velocities = false, .beats = true},
                   .segment_frames = 750,
                   .overlap_frames = 100};
  double sound_weight = 0.5;  ///< Of the log-odds of beats that Model::stack gives.
  double hits_weight = 0.5;   ///< Of those that this stack gives.
  double offset = 0;          ///< Added to the sum of the two.
};

/// Recordings softer than nearly all that the network learned from are raised to where most of them
/// lie; those beyond full scale, which it never heard, are lowered to it, if
/// AudioReader::may_exceed_full_scale. In dB of full scale, of the peak (AudioReader::peak_up_to).
struct InputLevel {
  double quiet_db = -18;   ///< Recordings with a lower peak are raised.
  double raised_db = -12;  ///< The peak that they are raised to.
  double most_db = 30;     ///< The most that they rise, lest the noise of an empty room be music.
};

struct Model {
  std::string id;                         ///< Name and version of the training run.
  std::optional<InputLevel> input_level;  ///< None: recordings are heard at the level they have.
  FeatureSettings features;
  RowVector input_mean;   ///< x' = (x - mean) * scale, per feature.
  RowVector input_scale;  ///< 1 / standard deviation.
  LayerStack stack;
  PerDrum<PeakPicking> peak_picking;
  std::optional<Context> context;           ///< None: peaks count as the network gives them.
  std::optional<HitsNetwork> hits_network;  ///< None: beats are what the sound says.
  double time_offset_s = 0;  ///< Added to every onset time: the training's measured bias.
  std::string provenance;    ///< Indented JSON about the training, shown by `fyr model info`.
};

/// What the first convolution sees of the features: the first view, as an image with a channel for
/// the bands and, where the view has them, one for their differences.
struct ImageSize {
  int n_planes = 0;
  int n_bands = 0;

  int n_features() const { return n_planes * n_bands; }
};

/// Requires: check(settings) passed.
ImageSize image_size(const FeatureSettings& settings);

/// Reads and checks a model file: names, shapes, sizes, finiteness, before any weight is used.
/// Throws InputError naming file, cause and remedy.
Model load_model(const std::filesystem::path& path);

/// Reads feature settings alone from a JSON file (training renders before there is a model). Throws
/// InputError naming file, cause and remedy.
FeatureSettings load_feature_settings(const std::filesystem::path& path);

}  // namespace fyr
