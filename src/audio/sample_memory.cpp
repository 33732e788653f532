// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "audio/sample_source.hpp"
#include "fyr/error.hpp"

namespace fyr {
namespace {

class SampleMemory : public SampleSource {
 public:
  SampleMemory(const Audio& audio, int block_frames)
      : audio_(audio), block_frames_(static_cast<std::size_t>(block_frames)) {}

  int rate_hz() const override { return audio_.rate_hz; }
  Tags tags() const override { return {}; }
  double told_duration_s() const override { return audio_.duration_s(); }
  bool may_exceed_full_scale() const override { return true; }
  double channel_power() const override { return 0; }
  void check_end() const override {}
  void restart() override { n_given_ = 0; }

  bool decode(std::vector<float>& mono) override {
    const std::size_t n = std::min(block_frames_, audio_.samples.size() - n_given_);
    const auto first = audio_.samples.begin() + static_cast<std::ptrdiff_t>(n_given_);
    mono.assign(first, first + static_cast<std::ptrdiff_t>(n));
    n_given_ += n;
    return n > 0;
  }

  [[noreturn]] void refuse(const std::string& why) const override {
    throw InputError("cannot use the samples: " + why);
  }

 private:
  const Audio& audio_;
  std::size_t block_frames_;
  std::size_t n_given_ = 0;
};

}  // namespace

std::unique_ptr<SampleSource> open_samples(const Audio& audio, int block_frames) {
  return std::make_unique<SampleMemory>(audio, block_frames);
}

}  // namespace fyr
