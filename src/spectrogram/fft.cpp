// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectrogram/fft.hpp"

#include <fftw3.h>

#include <mutex>
#include <new>

namespace fyr {
namespace {

std::mutex& planner_mutex() {
  static std::mutex mutex;
  return mutex;
}

template <typename T>
struct FftwFree {
  void operator()(T* memory) const { fftwf_free(memory); }
};

}  // namespace

struct RealFft::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    const std::lock_guard lock(planner_mutex());
    fftwf_destroy_plan(plan);
  }

  std::size_t size = 0;
  std::unique_ptr<float, FftwFree<float>> samples;
  std::unique_ptr<fftwf_complex, FftwFree<fftwf_complex>> bins;
  fftwf_plan plan = nullptr;
};

RealFft::RealFft(int size) : impl_(std::make_unique<Impl>()) {
  impl_->size = static_cast<std::size_t>(size);
  impl_->samples.reset(fftwf_alloc_real(impl_->size));
  impl_->bins.reset(fftwf_alloc_complex(impl_->size / 2 + 1));
  if (!impl_->samples || !impl_->bins) throw std::bad_alloc();
  const std::lock_guard lock(planner_mutex());
  impl_->plan = fftwf_plan_dft_r2c_1d(size, impl_->samples.get(), impl_->bins.get(), FFTW_ESTIMATE);
}

RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

std::span<float> RealFft::input() { return {impl_->samples.get(), impl_->size}; }

std::span<const std::complex<float>> RealFft::execute() {
  fftwf_execute(impl_->plan);
  // FFTW documents that its complex type has the layout of std::complex.
  return {reinterpret_cast<const std::complex<float>*>(impl_->bins.get()), impl_->size / 2 + 1};
}

}  // namespace fyr
