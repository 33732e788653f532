// SPDX-License-Identifier: GPL-3.0-or-later

/// MPEG audio (MP3) seen from outside: frames, tags and the encoder's count of frames.
#pragma once

#include "audio/file_bytes.hpp"

namespace fyr {

/// True if the last frame is incomplete or frames are missing from the number that the encoder
/// wrote into the Xing/Info header. False when the file is not a plain sequence of frames.
bool mpeg_is_cut_off(const FileBytes& file);

}  // namespace fyr
