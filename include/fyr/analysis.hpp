// SPDX-License-Identifier: GPL-3.0-or-later

/// Analysis: what the network heard, kept so that it can be decoded again with other settings.
///
/// File: a .npz (a zip of NumPy .npy arrays, numpy.load opens it) with
///     onsets      float32, n_frames x n_drums
///     velocities  float32, n_frames x n_drums (absent if the model has none)
///     beats       float32, n_frames x 2       (absent if the model has none)
///     timbre      float32, n_frames x 20, 0..1: Timbre::values / kTimbreFullScale (absent if
///                 it is not known)
///     metadata    bytes, one JSON document: format_version, model_id, recording, title and artist
///                 (absent if the recording names none), duration_s, hop_s, drums, peak_picking by
///                 drum, context (absent if the model has none), timbre_log_multiplier (absent if
///                 there is no timbre), time_offset_s
/// docs/activations.md describes it for users.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "fyr/activations.hpp"
#include "fyr/audio.hpp"
#include "fyr/context.hpp"
#include "fyr/onset.hpp"
#include "fyr/timbre.hpp"

namespace fyr {

/// Everything that the slow stages found, and the settings that the model suggests for the others.
struct Analysis {
  std::string recording;  ///< Its file's name.
  Tags tags;              ///< The recording's.
  std::string model_id;
  double duration_s = 0;  ///< Of the recording.
  Activations activations;
  Timbre timbre;                      ///< As long as the activations, or unknown.
  PerDrum<PeakPicking> peak_picking;  ///< The model's.
  std::optional<Context> context;     ///< The model's.
  double time_offset_s = 0;           ///< The model's.
};

/// The same analysis gives the same bytes. Throws OutputError if they cannot be compressed.
void write_analysis(const Analysis& analysis, std::ostream& out);

/// Reads what write_analysis wrote, bit for bit; numpy.savez of the same arrays is fine too.
/// Throws InputError naming the file, what is wrong with it and what to do.
Analysis read_analysis(const std::filesystem::path& path);

}  // namespace fyr
