// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether what the user gives belongs to the recording; check_hits (fyr/transcribe.hpp) is here
/// too.
#pragma once

#include "fyr/transcribe.hpp"

namespace fyr {

/// Throws InputError for beats of another recording. The bar that the recording ends in may be
/// given to its end, if most beats are in the recording.
void check_given_beats(const TranscribeOptions& options, double duration_s);

}  // namespace fyr
