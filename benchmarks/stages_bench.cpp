// SPDX-License-Identifier: GPL-3.0-or-later

// The stages around the network, on a minute of noise bursts, one thread.
#include <benchmark/benchmark.h>
#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "fyr/activations.hpp"
#include "fyr/model.hpp"
#include "fyr/onsets.hpp"
#include "fyr/spectrogram.hpp"

namespace fyr {
namespace {

constexpr int kSeconds = 60;

/// The shipped model's (models/training/features.json).
FeatureSettings settings() {
  return load_feature_settings(FYR_SOURCE_DIR "/models/training/features.json");
}

std::vector<float> bursts(int rate_hz) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(-0.5F, 0.5F);
  std::vector<float> samples(static_cast<std::size_t>(kSeconds * rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto since = static_cast<float>(i % static_cast<std::size_t>(rate_hz / 4));
    samples[i] = uniform(random) * std::exp(-since / 900.0F);
  }
  return samples;
}

void report_speed(benchmark::State& state) {
  state.counters["x real time"] = benchmark::Counter(
      kSeconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void compute_spectrogram(benchmark::State& state) {
  const FeatureSettings features = settings();
  const Audio audio{bursts(features.rate_hz), features.rate_hz};
  for (auto _ : state) {
    benchmark::DoNotOptimize(compute_features(audio, features).frames.data());
  }
  report_speed(state);
}

/// One frame's longer transform, `batch` frames in a call: what the spectrogram might do instead of
/// one at a time. The inputs are written anew each time, as there.
void transform(benchmark::State& state) {
  constexpr int kWindow = 2048;
  constexpr int kBins = kWindow / 2 + 1;
  const auto batch = static_cast<int>(state.range(0));
  const std::vector<float> noise = bursts(kWindow);
  const auto n = static_cast<std::size_t>(batch) * kWindow;
  float* samples = fftwf_alloc_real(n);
  fftwf_complex* bins = fftwf_alloc_complex(static_cast<std::size_t>(batch) * kBins);
  fftwf_plan plan = fftwf_plan_many_dft_r2c(1, &kWindow, batch, samples, nullptr, 1, kWindow, bins,
                                            nullptr, 1, kBins, FFTW_ESTIMATE);
  for (auto _ : state) {
    std::copy_n(noise.data(), n, samples);
    fftwf_execute(plan);
    benchmark::DoNotOptimize(bins);
  }
  fftwf_destroy_plan(plan);
  fftwf_free(bins);
  fftwf_free(samples);
  state.counters["frames/s"] = benchmark::Counter(batch * static_cast<double>(state.iterations()),
                                                  benchmark::Counter::kIsRate);
}

void pick(benchmark::State& state) {
  Activations activations;
  for (const DrumInfo& drum : kDrums) activations.drums.push_back(drum.drum);
  const auto n_drums = static_cast<Eigen::Index>(activations.drums.size());
  activations.onsets = Matrix::Random(kSeconds * 100, n_drums).cwiseAbs();
  activations.velocities = activations.onsets;
  const PerDrum<PeakPicking> picking{};
  for (auto _ : state) {
    PeakFinder finder(picking, 1, 0);
    finder.push(activations);
    benchmark::DoNotOptimize(pick_onsets(finder.finish(), picking).data());
  }
  report_speed(state);
}

BENCHMARK(compute_spectrogram)->Unit(benchmark::kMillisecond);
BENCHMARK(transform)->Arg(1)->Arg(2)->Arg(4)->Arg(8)->Arg(16)->Unit(benchmark::kMicrosecond);
BENCHMARK(pick)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fyr

BENCHMARK_MAIN();
