// SPDX-License-Identifier: GPL-3.0-or-later

/// Kit: a synthesised drum kit, so that a transcription can be heard beside its recording.
///
/// Every drum is modelled by what it is: skins as the modes of a circular membrane with a falling
/// pitch, cymbals as many inharmonic modes under noise, wood and metal as a few damped modes. No
/// recording of anyone's drums is in it.
#pragma once

#include <vector>

#include "fyr/audio.hpp"
#include "fyr/drum.hpp"
#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr {

/// One stroke at full force: mono, at most 2.5 s, |sample| <= 1, the same at every call.
/// Requires: rate_hz from 8000 to 192000.
std::vector<float> drum_sample(Drum drum, int rate_hz);

/// How loud a stroke of that velocity is against one of 127: (velocity / 127)^2, so that 64 lies
/// 12 dB below. Dannenberg, "The Interpretation of MIDI Velocity", ICMC 2006, found such a square
/// law in synthesisers.
float velocity_gain(int velocity);

struct SonifyOptions {
  bool mix = false;         ///< Recording and kit on both channels instead of left and right.
  std::vector<Beat> beats;  ///< Clicks on these, higher on downbeats; empty for none.
};

/// Two interleaved channels at the recording's rate, |sample| <= 1: the recording on the left, on
/// the right a kit that plays the hits and stops crashes that are choked. The kit is as loud as
/// the recording at its loudest.
std::vector<float> sonify(const Audio& recording, const std::vector<Onset>& hits,
                          const SonifyOptions& options = {});

}  // namespace fyr
