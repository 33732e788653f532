// SPDX-License-Identifier: GPL-3.0-or-later

// A program of its own, because it replaces malloc (glibc only) to count the calls.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "network/batch.hpp"
#include "support/pseudo_features.hpp"

namespace {
std::atomic<long> n_allocations = 0;
}

extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* __libc_memalign(std::size_t alignment, std::size_t size);

extern "C" void* malloc(std::size_t size) {
  ++n_allocations;
  return __libc_malloc(size);
}

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++n_allocations;
  return __libc_memalign(alignment, size);
}

namespace fyr {
namespace {

TEST(BatchRunner, AllocatesOnlyWhenItIsMade) {
  const Model model =
      load_model(std::filesystem::path(FYR_TEST_DATA) / "network" / "two_layers.safetensors");
  const PackedNetwork network = pack(model, instruction_set());
  const Matrix features = test::pseudo_features(400, model.input_mean.size());
  const MatrixView inputs(features.data(), features.rows(), features.cols());
  Matrix columns(400, model.outputs.n_columns());

  const long before_making = n_allocations;
  BatchRunner runner(network, 6);
  const long before_running = n_allocations;
  runner.run(inputs, 0, 6, columns);
  runner.run(inputs, -20, 5, columns);
  EXPECT_GT(before_running, before_making);
  EXPECT_EQ(n_allocations, before_running);
}

}  // namespace
}  // namespace fyr
