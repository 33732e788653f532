// SPDX-License-Identifier: GPL-3.0-or-later

// The network on a three-minute recording beside the machine's matrix-product rate, one thread.
#include <benchmark/benchmark.h>
#include <cblas.h>

#include <cmath>
#include <vector>

#include "fyr/network.hpp"

namespace fyr {
namespace {

constexpr int kInputs = 228;
constexpr int kFrames = 18000;  // three minutes

using Values = Eigen::Index;

LstmWeights random_weights(Values n_inputs, Values n_units) {
  const float bound = 1.0F / std::sqrt(static_cast<float>(n_units));
  return {bound * Matrix::Random(4 * n_units, n_inputs),
          bound * Matrix::Random(4 * n_units, n_units), bound * RowVector::Random(4 * n_units)};
}

struct Convolution {
  Values n_channels;
  int pooled_bands;
};

/// In front of the LSTM layers, where there are any.
constexpr Convolution kConvolutions[] = {{16, 1}, {16, 2}, {32, 2}};

/// The views of models/training/features.json.
FeatureSettings feature_settings() {
  SpectrogramView sharp_in_pitch;
  sharp_in_pitch.difference = true;
  SpectrogramView sharp_in_time = sharp_in_pitch;
  sharp_in_time.window_samples = 512;
  sharp_in_time.bands_per_octave = 6;
  sharp_in_time.min_hz = 120;
  FeatureSettings settings;
  settings.views = {sharp_in_pitch, sharp_in_time};
  return settings;
}

/// Calls layer(channels before, bands, convolution) for each; returns the width that they leave.
template <typename Function>
Values for_each_convolution(const FeatureSettings& settings, Function layer) {
  const ImageSize image = image_size(settings);
  Values n_channels = image.n_planes;
  Values n_bands = image.n_bands;
  for (const Convolution& convolution : kConvolutions) {
    layer(n_channels, n_bands, convolution);
    n_channels = convolution.n_channels;
    n_bands /= convolution.pooled_bands;
  }
  return n_channels * n_bands + kInputs - image.n_features();
}

/// Two LSTM layers and 28 outputs, as the shipped model has them.
Model random_model(Values n_units, bool with_convolutions) {
  Model model;
  model.features = feature_settings();
  model.input_mean = RowVector::Constant(kInputs, 0.5F);
  model.input_scale = RowVector::Constant(kInputs, 2.0F);
  Values n_first = kInputs;
  if (with_convolutions) {
    const auto append = [&](Values n_before, Values, const Convolution& convolution) {
      const float bound = 1.0F / std::sqrt(static_cast<float>(kConvolutionNeighbours * n_before));
      model.stack.layers.emplace_back(ConvolutionLayer{
          bound * Matrix::Random(convolution.n_channels, kConvolutionNeighbours * n_before),
          RowVector::Zero(convolution.n_channels), convolution.pooled_bands});
    };
    n_first = for_each_convolution(model.features, append);
  }
  for (const Values n_inputs : {n_first, 2 * n_units}) {
    model.stack.layers.emplace_back(
        BiLstmLayer{random_weights(n_inputs, n_units), random_weights(n_inputs, n_units)});
  }
  model.stack.layers.emplace_back(
      DenseLayer{Matrix::Random(28, 2 * n_units), RowVector::Random(28)});
  for (const DrumInfo& drum : kDrums) model.stack.outputs.onsets.push_back(drum.drum);
  model.stack.outputs.velocities = true;
  model.stack.outputs.beats = true;
  return model;
}

/// Floating-point operations of the matrix products that the network really does: convolutions and
/// the first layer's projection once a frame, the last layer without the steps that nothing reads.
double matrix_operations(const Model& model, double n_units, bool with_convolutions) {
  double n_inputs = kInputs;
  double convolved = 0;
  if (with_convolutions) {
    const auto add = [&](Values n_before, Values n_bands, const Convolution& convolution) {
      convolved +=
          static_cast<double>(kConvolutionNeighbours * n_before * n_bands * convolution.n_channels);
    };
    n_inputs = static_cast<double>(for_each_convolution(model.features, add));
  }
  const double hop = model.stack.segment_frames - 2 * model.stack.overlap_frames;
  const double n_segments = std::ceil(kFrames / hop);
  const double steps = model.stack.segment_frames * n_segments;
  const double last_steps = steps - model.stack.overlap_frames * n_segments;
  const double frames = hop * n_segments + 2 * model.stack.overlap_frames;
  const double gates = 2 * 4 * n_units;
  const double products = frames * (convolved + gates * n_inputs) + steps * gates * n_units +
                          last_steps * gates * 3 * n_units + kFrames * 28 * 2 * n_units;
  return 2 * products;
}

void report_rate(benchmark::State& state, double operations) {
  state.counters["flop/s"] = benchmark::Counter(
      operations * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void run_network(benchmark::State& state, InstructionSet set,
                 WeightType weights = WeightType::Float32, bool with_convolutions = false) {
  if (!is_supported(weights, set)) return state.SkipWithError("not on this processor");
  const Model model = random_model(state.range(0), with_convolutions);
  const Network network(model, set, weights);
  Features features;
  features.frames = Matrix::Random(kFrames, kInputs).cwiseAbs();
  for (auto _ : state) benchmark::DoNotOptimize(network.run(features).onsets.data());
  report_rate(state,
              matrix_operations(model, static_cast<double>(state.range(0)), with_convolutions));
  state.counters["x real time"] = benchmark::Counter(
      kFrames * 0.01 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

constexpr int kSize = 1024;

void multiply_openblas(benchmark::State& state) {
  const Matrix a = Matrix::Random(kSize, kSize);
  const Matrix b = Matrix::Random(kSize, kSize);
  Matrix c(kSize, kSize);
  for (auto _ : state) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, kSize, kSize, kSize, 1.0F, a.data(),
                kSize, b.data(), kSize, 0.0F, c.data(), kSize);
    benchmark::DoNotOptimize(c.data());
  }
  report_rate(state, 2.0 * kSize * kSize * kSize);
}

void multiply_eigen(benchmark::State& state) {
  const Matrix a = Matrix::Random(kSize, kSize);
  const Matrix b = Matrix::Random(kSize, kSize);
  Matrix c(kSize, kSize);
  for (auto _ : state) {
    c.noalias() = a * b;
    benchmark::DoNotOptimize(c.data());
  }
  report_rate(state, 2.0 * kSize * kSize * kSize);
}

BENCHMARK(multiply_openblas)->Unit(benchmark::kMillisecond);
BENCHMARK(multiply_eigen)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, avx512, InstructionSet::Avx512)
    ->Arg(128)
    ->Arg(160)
    ->Arg(192)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, avx512_bf16, InstructionSet::Avx512, WeightType::Bfloat16)
    ->Arg(128)
    ->Arg(160)
    ->Arg(192)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, avx2, InstructionSet::Avx2)
    ->Arg(128)
    ->Arg(160)
    ->Arg(192)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, avx512_convolutions, InstructionSet::Avx512, WeightType::Float32,
                  true)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, avx512_bf16_convolutions, InstructionSet::Avx512,
                  WeightType::Bfloat16, true)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, avx2_convolutions, InstructionSet::Avx2, WeightType::Float32, true)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, baseline_convolutions, InstructionSet::Baseline, WeightType::Float32,
                  true)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_network, baseline, InstructionSet::Baseline)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fyr

BENCHMARK_MAIN();
