// SPDX-License-Identifier: GPL-3.0-or-later
#include "audio/snd_file.hpp"

#include <mutex>

namespace fyr {

SndFile open_snd_file(SF_VIRTUAL_IO functions, void* user, int mode, SF_INFO& info,
                      SndRefusal& refusal) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  SndFile file(sf_open_virtual(&functions, mode, &info, user));
  if (!file) refusal = {sf_error(nullptr), sf_strerror(nullptr)};
  return file;
}

}  // namespace fyr
