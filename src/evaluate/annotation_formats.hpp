// SPDX-License-Identifier: GPL-3.0-or-later

/// One reader a format. Each fills hits, beats, bars and problems; read_annotation sorts them.
/// All throw InputError when the file as a whole cannot be read.
#pragma once

#include <filesystem>

#include "fyr/annotation.hpp"

namespace fyr {

/// More than any song has.
inline constexpr int kMaxBars = 100000;

/// Lists of hits, see read_hit_list.
void read_fyr_csv(const std::filesystem::path& path, Annotation& annotation);

/// `seconds label [velocity]`, blank- or tab-separated: MDB, ADTOF; or Audacity's label tracks.
void read_label_text(const std::filesystem::path& path, Annotation& annotation);

/// IDMT-SMT-Drums: instrumentRecording / transcription / event.
void read_idmt_xml(const std::filesystem::path& path, Annotation& annotation);

/// Standard MIDI file: labels are keys, bars from its time signatures.
void read_midi(const std::filesystem::path& path, Annotation& annotation);

/// fyr's JSON: `hits` or `onsets`, and where present `beats` and `bars`.
void read_fyr_json(const std::filesystem::path& path, Annotation& annotation);

}  // namespace fyr
