// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/packed_network.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <numeric>
#include <utility>

namespace fyr {
namespace {

constexpr std::size_t kCacheLine = 64;

/// Where a packed row or column comes from; kPadding if from nowhere.
using Sources = std::vector<Eigen::Index>;
constexpr Eigen::Index kPadding = -1;

/// 0..n-1, then padding.
Sources in_order(Eigen::Index n, int n_padded) {
  Sources sources(static_cast<std::size_t>(n_padded), kPadding);
  std::iota(sources.begin(), sources.begin() + n, Eigen::Index{0});
  return sources;
}

/// Packs the rows (in panel order, scaled) and columns of `weight` that the sources name. The
/// columns are whole operands.
PackedMatrix pack_matrix(const Matrix& weight, const RowVector& bias, const Sources& rows,
                         const std::vector<double>& row_scales, const Sources& columns,
                         const Kernels& kernels) {
  const auto panel_rows = std::size_t{kNGates} * static_cast<std::size_t>(kernels.n_lanes);
  const auto per_operand = static_cast<std::size_t>(kernels.inputs_per_operand);
  const std::size_t depth = columns.size() / per_operand;
  PackedMatrix packed;
  packed.depth = static_cast<int>(depth);
  packed.n_panels = static_cast<int>(rows.size() / panel_rows);
  packed.weights = make_unset_operands(static_cast<std::ptrdiff_t>(rows.size() * depth));
  packed.bias = make_aligned_floats(static_cast<std::ptrdiff_t>(rows.size()));
  std::vector<float> panel(panel_rows * columns.size());
  for (std::size_t first = 0; first < rows.size(); first += panel_rows) {
    std::fill(panel.begin(), panel.end(), 0.0F);
    for (std::size_t i = first; i < first + panel_rows; ++i) {
      if (rows[i] == kPadding) continue;
      packed.bias[i] = static_cast<float>(row_scales[i] * static_cast<double>(bias(rows[i])));
      for (std::size_t k = 0; k < columns.size(); ++k) {
        if (columns[k] == kPadding) continue;
        panel[(k / per_operand * panel_rows + i - first) * per_operand + k % per_operand] =
            static_cast<float>(row_scales[i] * static_cast<double>(weight(rows[i], columns[k])));
      }
    }
    kernels.make_operands(panel.data(), std::ssize(panel), &packed.weights[first * depth]);
  }
  return packed;
}

PackedLstm pack_direction(const LstmWeights& weights, const Sources& columns,
                          const Kernels& kernels) {
  const int n_lanes = kernels.n_lanes;
  const Eigen::Index n_units = weights.recurrent.cols();
  const int padded_units = round_up(n_units, n_lanes);
  Sources rows;
  std::vector<double> scales;
  for (int panel = 0; panel < padded_units / n_lanes; ++panel) {
    for (Eigen::Index gate = 0; gate < kNGates; ++gate) {
      for (int lane = 0; lane < n_lanes; ++lane) {
        const Eigen::Index unit = panel * n_lanes + lane;
        rows.push_back(unit < n_units ? gate * n_units + unit : kPadding);
        scales.push_back(gate == 2 ? kTanhScale : kSigmoidScale);  // order: i, f, g, o
      }
    }
  }
  const Sources units = in_order(n_units, round_up(n_units, kernels.inputs_per_operand));
  return {pack_matrix(weights.input, weights.bias, rows, scales, columns, kernels),
          pack_matrix(weights.recurrent, weights.bias, rows, scales, units, kernels)};
}

/// Packs a convolution of an image with n_channels channels.
PackedConvolution pack_convolution(const ConvolutionLayer& layer, int n_bands,
                                   Eigen::Index n_channels, int padded_channels,
                                   const Kernels& kernels) {
  assert(layer.weight.cols() == kConvolutionNeighbours * n_channels);
  const int n_lanes = kernels.n_lanes;
  const int per_operand = kernels.inputs_per_operand;
  PackedConvolution packed;
  packed.n_bands = n_bands;
  packed.band_operands = padded_channels / per_operand;
  packed.padded_channels = round_up(layer.weight.rows(), n_lanes);
  packed.pooled_bands = layer.pooled_bands;
  const int depth = kConvolutionNeighbours * packed.band_operands;
  packed.weights = make_unset_operands(std::ptrdiff_t{packed.padded_channels} * depth);
  packed.bias = make_aligned_floats(packed.padded_channels);
  std::copy_n(layer.bias.data(), layer.bias.size(), packed.bias.get());
  const int panel_lanes = kConvolutionVectors * n_lanes;
  std::vector<float> panel;
  for (int first = 0; first < packed.padded_channels; first += panel_lanes) {
    const int n_outputs = std::min(panel_lanes, packed.padded_channels - first);
    panel.assign(static_cast<std::size_t>(std::ptrdiff_t{depth} * per_operand * n_outputs), 0.0F);
    for (Eigen::Index row = first;
         row < std::min<Eigen::Index>(first + n_outputs, layer.weight.rows()); ++row) {
      for (Eigen::Index column = 0; column < layer.weight.cols(); ++column) {
        const Eigen::Index k = column / n_channels * padded_channels + column % n_channels;
        const Eigen::Index operand = k / per_operand * n_outputs + row - first;
        panel[static_cast<std::size_t>(operand * per_operand + k % per_operand)] =
            layer.weight(row, column);
      }
    }
    kernels.make_operands(panel.data(), std::ssize(panel),
                          packed.weights.get() + std::ptrdiff_t{first} * depth);
  }
  return packed;
}

/// What the last convolution leaves and the features that it does not see, as they lie in memory.
Sources convolved_columns(Eigen::Index n_bands, Eigen::Index n_channels, int padded_channels,
                          Eigen::Index n_others, int per_operand) {
  const int n_others_padded = round_up(n_others, per_operand);
  Sources columns(static_cast<std::size_t>(n_bands * padded_channels + n_others_padded), kPadding);
  for (Eigen::Index band = 0; band < n_bands; ++band) {
    const auto to = columns.begin() + band * padded_channels;
    std::iota(to, to + n_channels, band * n_channels);
  }
  const auto others = columns.begin() + n_bands * padded_channels;
  std::iota(others, others + n_others, n_bands * n_channels);
  return columns;
}

/// Packs the convolutions, if there are any, and returns the columns of the layer above them.
Sources pack_convolutions(const std::vector<Layer>& layers, const Kernels& kernels,
                          PackedNetwork& packed) {
  const auto n_features = static_cast<int>(packed.input.mean.size());
  const int per_operand = kernels.inputs_per_operand;
  if (!std::holds_alternative<ConvolutionLayer>(layers.front())) {
    return in_order(n_features, round_up(n_features, per_operand));
  }
  const ImageSize& image = packed.input.image;
  int n_bands = image.n_bands;
  Eigen::Index n_channels = image.n_planes;
  int padded_channels = round_up(n_channels, per_operand);
  for (const Layer& any : layers) {
    const auto* layer = std::get_if<ConvolutionLayer>(&any);
    if (layer == nullptr) break;
    packed.convolutions.push_back(
        pack_convolution(*layer, n_bands, n_channels, padded_channels, kernels));
    n_bands = packed.convolutions.back().n_bands_left();
    n_channels = layer->weight.rows();
    padded_channels = packed.convolutions.back().padded_channels;
  }
  return convolved_columns(n_bands, n_channels, padded_channels, n_features - image.n_features(),
                           per_operand);
}

/// Both directions' hidden states as they lie in memory, each padded.
Sources hidden_columns(Eigen::Index n_units, int padded_units) {
  Sources columns = in_order(n_units, 2 * padded_units);
  std::fill(columns.begin() + n_units, columns.end(), kPadding);
  std::iota(columns.begin() + padded_units, columns.begin() + padded_units + n_units, n_units);
  return columns;
}

PackedMatrix pack_dense(const DenseLayer& layer, const Sources& columns, const Kernels& kernels) {
  const int padded_outputs = round_up(layer.weight.rows(), kNGates * kernels.n_lanes);
  const std::vector<double> scales(static_cast<std::size_t>(padded_outputs), kSigmoidScale);
  return pack_matrix(layer.weight, layer.bias, in_order(layer.weight.rows(), padded_outputs),
                     scales, columns, kernels);
}

/// Room for n values of 4 bytes. Memory from the aligned operator new is cut out of a larger piece.
/// glibc before 2.38 does not find the place again for the next recording's buffers, so that memory
/// would grow with every recording. Hence plain memory, with where it begins noted before the first
/// value.
void* make_aligned(std::ptrdiff_t n) {
  std::size_t space = static_cast<std::size_t>(n) * sizeof(float) + kCacheLine;
  void* const begin = ::operator new(space + sizeof(void*));
  void* values = static_cast<void**>(begin) + 1;
  std::align(kCacheLine, space - kCacheLine, values, space);
  static_cast<void**>(values)[-1] = begin;
  return values;
}

}  // namespace

void FreeAligned::operator()(void* values) const {
  ::operator delete(static_cast<void**>(values)[-1]);
}

AlignedFloats make_unset_floats(std::ptrdiff_t n) {
  return AlignedFloats(static_cast<float*>(make_aligned(n)));
}

AlignedOperands make_unset_operands(std::ptrdiff_t n) {
  return AlignedOperands(static_cast<Operand*>(make_aligned(n)));
}

AlignedFloats make_aligned_floats(std::ptrdiff_t n) {
  AlignedFloats values = make_unset_floats(n);
  std::fill_n(values.get(), n, 0.0F);
  return values;
}

AlignedOperands make_aligned_operands(std::ptrdiff_t n) {
  AlignedOperands operands = make_unset_operands(n);
  std::fill_n(operands.get(), n, Operand{0});
  return operands;
}

NetworkInput input_of(const Model& model) {
  const bool convolves = std::holds_alternative<ConvolutionLayer>(model.stack.layers.front());
  return {model.input_mean, model.input_scale, convolves ? image_size(model.features) : ImageSize{},
          model.features.hop_s()};
}

PackedNetwork pack(const LayerStack& stack, NetworkInput input, InstructionSet set,
                   WeightType weights) {
  const Kernels& kernels = fyr::kernels(set, weights);
  PackedNetwork packed;
  packed.kernels = &kernels;
  packed.input = std::move(input);
  packed.outputs = stack.outputs;
  packed.segment_frames = stack.segment_frames;
  packed.overlap_frames = stack.overlap_frames;

  const int n_lanes = kernels.n_lanes;
  assert(stack.layers.size() >= 2);
  Sources columns = pack_convolutions(stack.layers, kernels, packed);
  for (std::size_t i = packed.convolutions.size(); i + 1 < stack.layers.size(); ++i) {
    const auto& layer = std::get<BiLstmLayer>(stack.layers[i]);
    PackedBiLstm lstm;
    lstm.padded_units = round_up(layer.forward.recurrent.cols(), n_lanes);
    lstm.n_gates = kNGates * lstm.padded_units;
    lstm.directions = {pack_direction(layer.forward, columns, kernels),
                       pack_direction(layer.backward, columns, kernels)};
    columns = hidden_columns(layer.forward.recurrent.cols(), lstm.padded_units);
    packed.lstm_layers.push_back(std::move(lstm));
  }
  packed.dense = pack_dense(std::get<DenseLayer>(stack.layers.back()), columns, kernels);
  packed.padded_outputs = kNGates * n_lanes * packed.dense.n_panels;
  return packed;
}

}  // namespace fyr
