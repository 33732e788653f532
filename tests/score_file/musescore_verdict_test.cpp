// SPDX-License-Identifier: GPL-3.0-or-later

/// check_score against MuseScore itself.
#include <gmock/gmock.h>

#include "fyr/score_file.hpp"
#include "score/broken_scores.hpp"
#include "score/musescore.hpp"

namespace fyr::testing {
namespace {

/// Refused, repaired with a complaint, or saved again as something else.
bool is_good(const std::string& document) {
  const MuseScoreRun run = run_musescore({document});
  const MuseScoreResult& result = run.results.front();
  return run.exit_code == 0 && run.complaints.empty() && result.sanity_error.empty();
}

TEST(MuseScoreVerdict, AgreesAboutGoodAndBrokenScores) {
  if (!has_musescore()) GTEST_SKIP() << "MuseScore (mscore3) is not installed";
  EXPECT_TRUE(is_good(good_score()));
  // What MuseScore drops or repairs without a word is found by what it saves.
  const std::size_t n_notes = run_musescore({good_score()}).results.front().notes.size();
  for (const BrokenScore& broken : broken_scores()) {
    if (broken.crashes) continue;
    const MuseScoreRun run = run_musescore({broken.document});
    const MuseScoreResult& result = run.results.front();
    EXPECT_TRUE(run.exit_code != 0 || !run.complaints.empty() || !result.sanity_error.empty() ||
                !result.difference.empty() || result.notes.size() != n_notes)
        << broken.name << ": MuseScore has nothing to complain about";
  }
}

}  // namespace
}  // namespace fyr::testing
