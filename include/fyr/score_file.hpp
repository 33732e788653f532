// SPDX-License-Identifier: GPL-3.0-or-later

/// Score files read back: does MuseScore accept them, and how do two of them differ?
///
/// The layout of .mscx is documented nowhere. What is checked here was found by giving MuseScore
/// 3.2.3 broken files; docs/command_line.md lists it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fyr {

/// The text of the .mscx file that `mscz`, the bytes of a compressed score, holds: the first .mscx
/// that its container names. Throws InputError with the cause alone ("it is not a zip archive …");
/// the caller names the file.
std::string unpack_score(const std::string& mscz);

/// Something about a score file that should be otherwise.
struct ScoreFinding {
  enum class Severity {
    Error,    ///< MuseScore refuses the file, crashes, or silently plays or shows something else.
    Warning,  ///< It is read as it is, but no drummer can play it or nobody hears it.
  };
  Severity severity = Severity::Error;
  std::string place;  ///< "bar 12, voice 1"; empty for the whole file.
  std::string message;

  bool operator==(const ScoreFinding&) const = default;
};

/// What is wrong with `mscx`, the text of an .mscx file, in file order; nothing for a good one.
std::vector<ScoreFinding> check_score(std::string_view mscx);

/// Something that two scores do not share.
struct ScoreDifference {
  enum class Kind { Removed, Added, Changed };
  Kind kind = Kind::Changed;
  std::string place;  ///< "bar 12 beat 2.5", by the number that is printed on the page.
  std::string text;   ///< "snare (velocity 80)".

  bool operator==(const ScoreDifference&) const = default;
};

struct ScoreDiffOptions {
  bool velocities = true;
  bool tempo = true;
};

/// What changes from the score `before` to `after`, both texts of .mscx files, in bar order.
///
/// Bars are paired so that as many notes as possible are shared: one bar more or less does not
/// change all that follow. Tempi within 0.2 % are equal. Scores of MuseScore 3.6 and 4 are read
/// too. Throws InputError when a text is no score; the message does not name the file.
std::vector<ScoreDifference> diff_scores(std::string_view before, std::string_view after,
                                         const ScoreDiffOptions& options = {});

}  // namespace fyr
