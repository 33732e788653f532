// SPDX-License-Identifier: GPL-3.0-or-later

/// libsndfile's handle with an owner, and how it comes to be.
#pragma once

#include <sndfile.h>

#include <memory>
#include <string>

namespace fyr {

struct CloseSndFile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndFile = std::unique_ptr<SNDFILE, CloseSndFile>;

/// Why libsndfile does not open a file.
struct SndRefusal {
  int code = SF_ERR_NO_ERROR;
  std::string why;
};

/// What `functions` read or write, given `user`; null with libsndfile's `refusal`. Safe to use from
/// several threads.
///
/// Files are opened no other way. A descriptor that it refuses libsndfile closes, even if told not
/// to, and by the time its owner closes it too it may be another thread's. The reason of a refusal
/// it keeps in one place for all threads.
SndFile open_snd_file(SF_VIRTUAL_IO functions, void* user, int mode, SF_INFO& info,
                      SndRefusal& refusal);

}  // namespace fyr
