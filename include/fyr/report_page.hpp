// SPDX-License-Identifier: GPL-3.0-or-later

/// Report page: one HTML file in which a transcription can be seen, heard and corrected.
///
/// The page needs no network and no other file: curves, sound and score are inside. Its parts are
/// src/report/page.html, page.css and *.js; picking.js is pick_onsets once more, so that moving a
/// threshold gives the hits that fyr itself would give. docs/report.md describes it for users.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "fyr/analysis.hpp"
#include "fyr/audio.hpp"
#include "fyr/score.hpp"
#include "fyr/transcribe.hpp"

namespace fyr {

/// Where a moment of a bar stands.
struct EngravedMoment {
  double part = 0;  ///< Of the bar's time that has gone by then, 0 to 1.
  double x = 0;
};

/// Where a bar stands in an engraved page, in the units of its viewBox.
struct BarBox {
  std::size_t measure = 0;  ///< Index into Score::measures.
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  /// Middles of notes and rests by time, last the bar's end; empty where nobody knows them.
  std::vector<EngravedMoment> places;
};

/// A picture of the score, or of one page or line of it.
struct EngravedPage {
  std::string svg;  ///< One <svg> element with a viewBox, without XML declaration.
  std::vector<BarBox> bars;
};

/// fyr's own engraving: plain, complete, a picture for each line; lines are those of the score's
/// plan, parted where they are too full.
/// Drawn in currentColor, doubtful notes in red.
std::vector<EngravedPage> draw_score(const Score& score);

/// MuseScore's engraving: its SVG pages, and the positions of the measures and of the notes in them
/// that it writes as .mpos and .spos. Throws OutputError if pages or measures are not what
/// MuseScore writes; without `segments` nobody knows where the notes stand. Requires: pages is not
/// empty.
std::vector<EngravedPage> musescore_pages(const std::vector<std::string>& pages,
                                          const std::string& measures, const std::string& segments);

/// The same pages with a box for each bar of the rests that MuseScore draws for several, and counts
/// as one. Their widths are equal parts of the rest's; nobody knows places in them.
std::vector<EngravedPage> with_silent_bars(std::vector<EngravedPage> pages, const Score& score);

/// What a page is made of.
struct ReportPage {
  std::string title;
  std::string version;    ///< Of fyr.
  std::string recording;  ///< Its path as the command line names it.
  const Audio& audio;
  const Analysis& analysis;
  const PerDrum<PeakPicking>& peak_picking;  ///< That gave the hits, or tells which are doubtful.
  bool hits_given = false;                   ///< By the user: nothing picked them.
  const Transcription& transcription;
  std::vector<EngravedPage> score;
  /// Words of the command line (options and values) that the score needs besides its hits.
  std::vector<std::string> options;
};

/// Throws OutputError when the sound cannot be encoded.
void write_report_page(const ReportPage& page, std::ostream& out);

}  // namespace fyr
