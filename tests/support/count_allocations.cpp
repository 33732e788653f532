// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/count_allocations.hpp"

#include <atomic>
#include <cstdlib>

namespace {
std::atomic<long> n_calls = 0;
}

// glibc only; operator new comes here too.
extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* __libc_memalign(std::size_t alignment, std::size_t size);

extern "C" void* malloc(std::size_t size) {
  ++n_calls;
  return __libc_malloc(size);
}

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++n_calls;
  return __libc_memalign(alignment, size);
}

long fyr::test::n_allocations() { return n_calls; }
