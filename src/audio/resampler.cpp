// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/resampler.hpp"

#include <soxr.h>

#include <string>

#include "fyr/error.hpp"

namespace fyr {

void Resampler::SoxrDelete::operator()(soxr* handle) const { soxr_delete(handle); }

Resampler::Resampler(int from_hz, int to_hz)
    : ratio_(static_cast<double>(to_hz) / static_cast<double>(from_hz)) {
  if (from_hz == to_hz) return;
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  soxr_error_t error = nullptr;
  soxr_.reset(soxr_create(from_hz, to_hz, 1, &error, nullptr, &quality, nullptr));
  if (error != nullptr) throw Error(std::string("resampler: ") + soxr_strerror(error));
}

void Resampler::push(const std::vector<float>& block, std::vector<float>& out) {
  if (soxr_) {
    run(block.data(), block.size(), out);
  } else {
    out.insert(out.end(), block.begin(), block.end());
  }
}

void Resampler::finish(std::vector<float>& out) {
  if (soxr_) run(nullptr, 0, out);
}

void Resampler::run(const float* block, std::size_t n, std::vector<float>& out) {
  // Room for the block and for what soxr held back; the loop fetches any rest.
  const std::size_t room = static_cast<std::size_t>(static_cast<double>(n) * ratio_) + 4096;
  std::size_t done = 0;
  do {
    const std::size_t before = out.size();
    out.resize(before + room);
    std::size_t used = 0;
    const soxr_error_t error =
        soxr_process(soxr_.get(), block, n, &used, out.data() + before, room, &done);
    out.resize(before + done);
    if (error != nullptr) throw Error(std::string("resampler: ") + soxr_strerror(error));
    if (block != nullptr) {
      block += used;
      n -= used;
    }
  } while (n > 0 || (block == nullptr && done > 0));
}

}  // namespace fyr
