// SPDX-License-Identifier: GPL-3.0-or-later

/// libsndfile's handle with an owner.
#pragma once

#include <sndfile.h>

#include <memory>

namespace fyr {

struct CloseSndFile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndFile = std::unique_ptr<SNDFILE, CloseSndFile>;

}  // namespace fyr
