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

/// Two layers and 28 outputs, as the shipped model has them.
Model random_model(Values n_units) {
  Model model;
  model.input_mean = RowVector::Constant(kInputs, 0.5F);
  model.input_scale = RowVector::Constant(kInputs, 2.0F);
  for (const Values n_inputs : {Values{kInputs}, 2 * n_units}) {
    model.layers.emplace_back(
        BiLstmLayer{random_weights(n_inputs, n_units), random_weights(n_inputs, n_units)});
  }
  model.layers.emplace_back(DenseLayer{Matrix::Random(28, 2 * n_units), RowVector::Random(28)});
  for (const DrumInfo& drum : kDrums) model.outputs.onsets.push_back(drum.drum);
  model.outputs.velocities = true;
  model.outputs.beats = true;
  return model;
}

/// Floating-point operations of the matrix products that the network really does: the first layer's
/// projection once a frame, the last layer without the steps that nothing reads.
double matrix_operations(const Model& model, double n_units) {
  const double hop = model.segment_frames - 2 * model.overlap_frames;
  const double n_segments = std::ceil(kFrames / hop);
  const double steps = model.segment_frames * n_segments;
  const double last_steps = steps - model.overlap_frames * n_segments;
  const double frames = hop * n_segments + 2 * model.overlap_frames;
  const double gates = 2 * 4 * n_units;
  const double products = frames * gates * kInputs + steps * gates * n_units +
                          last_steps * gates * 3 * n_units + kFrames * 28 * 2 * n_units;
  return 2 * products;
}

void report_rate(benchmark::State& state, double operations) {
  state.counters["flop/s"] = benchmark::Counter(
      operations * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void run_network(benchmark::State& state, InstructionSet set,
                 WeightType weights = WeightType::Float32) {
  if (!is_supported(weights, set)) return state.SkipWithError("not on this processor");
  const Model model = random_model(state.range(0));
  const Network network(model, set, weights);
  Features features;
  features.frames = Matrix::Random(kFrames, kInputs).cwiseAbs();
  for (auto _ : state) benchmark::DoNotOptimize(network.run(features).onsets.data());
  report_rate(state, matrix_operations(model, static_cast<double>(state.range(0))));
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
BENCHMARK_CAPTURE(run_network, baseline, InstructionSet::Baseline)
    ->Arg(128)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fyr

BENCHMARK_MAIN();
