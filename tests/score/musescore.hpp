// SPDX-License-Identifier: GPL-3.0-or-later

/// Runs the real MuseScore 3 on scores and looks at everything it says about them.
#pragma once

#include <string>
#include <vector>

#include "score/midi_file.hpp"

namespace fyr::testing {

/// Whether `mscore3` can be started here.
bool has_musescore();

/// What MuseScore made of one score.
struct MuseScoreResult {
  std::string sanity_error;  ///< From its own check; empty if the score is sound.
  std::string difference;    ///< First place where the score it saved again differs; empty if none.
  std::vector<MidiNote> notes;  ///< What it plays.
};

struct MuseScoreRun {
  int exit_code = -1;
  std::vector<std::string> complaints;   ///< Lines on stderr that tell of silent repairs.
  std::vector<MuseScoreResult> results;  ///< One a score.
};

/// One run of MuseScore over all the .mscx documents.
MuseScoreRun run_musescore(const std::vector<std::string>& documents);

/// What MuseScore plays from documents of another format; `ending` names it (".musicxml").
std::vector<std::vector<MidiNote>> played_by_musescore(const std::vector<std::string>& documents,
                                                       const std::string& ending);

/// What MuseScore makes of documents in another format; endings name the formats (".mscx").
std::vector<std::string> converted_by_musescore(const std::vector<std::string>& documents,
                                                const std::string& from, const std::string& to);

}  // namespace fyr::testing
