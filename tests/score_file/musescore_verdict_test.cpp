// SPDX-License-Identifier: GPL-3.0-or-later

/// check_score against MuseScore itself.
#include <gmock/gmock.h>

#include "fyr/score_file.hpp"
#include "score/broken_scores.hpp"
#include "score/musescore.hpp"

namespace fyr::testing {
namespace {

/// Neither refused nor repaired with a complaint.
bool is_good(const std::string& document) {
  const MuseScoreRun run = run_musescore({document});
  const MuseScoreResult& result = run.results.front();
  return run.exit_code == 0 && run.complaints.empty() && result.sanity_error.empty();
}

TEST(MuseScoreVerdict, AgreesAboutGoodAndBrokenScores) {
  if (!has_musescore()) GTEST_SKIP() << "MuseScore (mscore3) is not installed";
  EXPECT_TRUE(is_good(good_score()));
  // What MuseScore drops or repairs without a word is found by what it plays.
  const std::vector<MidiNote> played = run_musescore({good_score()}).results.front().notes;
  for (const BrokenScore& broken : broken_scores()) {
    if (broken.asked != Asked::Tells) continue;
    const MuseScoreRun run = run_musescore({broken.document});
    const MuseScoreResult& result = run.results.front();
    EXPECT_TRUE(run.exit_code != 0 || !run.complaints.empty() || !result.sanity_error.empty() ||
                result.notes != played)
        << broken.name << ": MuseScore has nothing to complain about";
  }
}

}  // namespace
}  // namespace fyr::testing
