// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/report_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fyr/error.hpp"
#include "report/base64.hpp"
#include "report/svg.hpp"
#include "score/random_rhythm.hpp"

namespace fyr {
namespace {

using ::testing::HasSubstr;

TEST(Base64, EncodesTheExamplesOfTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("\xFF\xFE"), "//4=");
}

TEST(SvgNumber, IsShort) {
  EXPECT_EQ(svg_number(1.5), "1.5");
  EXPECT_EQ(svg_number(-0.001), "0");
  EXPECT_EQ(svg_number(1.0 / 3), "0.33");
}

TEST(MusescorePages, ScalesTheMeasuresToThePicture) {
  const std::string page =
      "<?xml version=\"1.0\"?>\n<svg width=\"2977px\" height=\"4208px\" viewBox=\"0 0 2977 4208\">"
      "<polyline class=\"StaffLines\" stroke=\"#000000\" points=\"141.7,527 2834,527\"/></svg>";
  const std::string positions =
      "<score><elements><element id=\"0\" x=\"1417\" y=\"5000\" sx=\"3700\" sy=\"900\" page=\"0\"/>"
      "<element id=\"1\" x=\"1417\" y=\"5000\" sx=\"900\" sy=\"900\" "
      "page=\"1\"/></elements></score>";
  const auto pages = musescore_pages({page, page}, positions);
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_THAT(pages[0].svg, ::testing::StartsWith("<svg fill=\"currentColor\" viewBox"));
  EXPECT_THAT(pages[0].svg, HasSubstr("stroke=\"currentColor\""));
  ASSERT_EQ(pages[0].bars.size(), 1U);
  EXPECT_NEAR(pages[0].bars[0].x, 141.7, 1e-6);
  EXPECT_NEAR(pages[0].bars[0].width, 370, 1e-6);
  ASSERT_EQ(pages[1].bars.size(), 1U);
  EXPECT_EQ(pages[1].bars[0].measure, 1U);
  EXPECT_THROW(musescore_pages({page}, "<score/>"), OutputError);
  EXPECT_THROW(musescore_pages({"no picture"}, positions), OutputError);
}

Rhythm one_bar() {
  Rhythm rhythm;
  Bar bar;
  bar.length = bar.meter.bar_ticks();
  bar.end_s = 2;
  bar.grids.assign(4, Grid::Straight);
  rhythm.bars = {bar};
  rhythm.hits = {{0, 0, Drum::Kick, 100, 0, 1}, {0, 480, Drum::Snare, 100, 0.5, 0.1}};
  return rhythm;
}

TEST(DrawScore, IsWellFormedAndBoxesEveryBar) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const Score score = build_score(testing::random_rhythm(seed));
    const EngravedPage page = draw_score(score);
    tinyxml2::XMLDocument document;
    ASSERT_EQ(document.Parse(page.svg.c_str()), tinyxml2::XML_SUCCESS) << document.ErrorStr();
    std::size_t n_drawn = 0;
    for (const Measure& measure : score.measures) n_drawn += measure.lead_in ? 0U : 1U;
    ASSERT_EQ(page.bars.size(), n_drawn);
    for (const BarBox& bar : page.bars) {
      EXPECT_GT(bar.width, 0);
      EXPECT_LE(bar.x + bar.width, 1200);
    }
  }
}

TEST(DrawScore, DrawsAHeadForEveryNoteAndDoubtInRed) {
  ScoreOptions options;
  options.doubt_below = 0.3;
  const std::string svg = draw_score(build_score(one_bar(), options)).svg;
  std::size_t n_heads = 0;
  for (std::size_t i = svg.find("rotate(-20"); i != svg.npos; i = svg.find("rotate(-20", i + 1)) {
    ++n_heads;
  }
  // Kick, snare, and the head in the tempo mark if there is one.
  EXPECT_GE(n_heads, 2U);
  EXPECT_LE(n_heads, 3U);
  EXPECT_THAT(svg, HasSubstr("#d03030"));
}

TEST(DrawScore, KeepsHeadsApart) {
  Rhythm rhythm = one_bar();
  rhythm.bars.resize(8, rhythm.bars.front());
  rhythm.hits.clear();
  for (int bar = 0; bar < 8; ++bar) {
    // Two 32nds at the end of each bar, apart by a 64th of it in time.
    for (const Tick tick : {0, 480, 960, 1440, 1800, 1860}) {
      rhythm.hits.push_back({bar, tick, Drum::Snare, 100, 2 * bar + tick / 960.0, 1});
    }
  }
  const std::string svg = draw_score(build_score(rhythm)).svg;
  std::map<std::string, std::vector<double>> heads;  // By the height at which they stand.
  const std::string start = "rotate(-20 ";
  for (std::size_t i = svg.find(start); i != svg.npos; i = svg.find(start, i + 1)) {
    std::istringstream place(svg.substr(i + start.size(), 40));
    double x = 0;
    std::string y;
    place >> x >> y;
    heads[y].push_back(x);
  }
  std::size_t n_pairs = 0;
  for (const auto& [y, x] : heads) {
    for (std::size_t k = 1; k < x.size(); ++k, ++n_pairs) EXPECT_GE(x[k] - x[k - 1], 12.9) << y;
  }
  EXPECT_GT(n_pairs, 40U);
}

TEST(ReportPage, HoldsDataThatNoTitleCanBreak) {
  const std::string title = "</script><b>R&B \"x\" {{data}}";
  Audio audio{std::vector<float>(44100, 0.1F), 44100};
  Analysis analysis;
  analysis.recording = "a.wav";
  analysis.duration_s = 1;
  analysis.activations.drums = {Drum::Kick, Drum::OpenHiHat};
  analysis.activations.onsets = Matrix::Constant(100, 2, 0.5F);
  Transcription heard;
  heard.duration_s = 1;
  heard.rhythm = one_bar();
  heard.score = build_score(heard.rhythm);
  std::ostringstream out;
  write_report_page({title,
                     "1",
                     "../a.wav",
                     audio,
                     analysis,
                     analysis.peak_picking,
                     false,
                     heard,
                     {draw_score(heard.score)},
                     {}},
                    out);
  const std::string page = out.str();
  EXPECT_THAT(page, HasSubstr("<title>&lt;/script&gt;&lt;b&gt;R&amp;B"));
  const std::string start = "<script id=\"data\" type=\"application/json\">";
  const std::size_t from = page.find(start) + start.size();
  const auto data = nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
  EXPECT_EQ(data["title"], title);
  EXPECT_EQ(data["recording"], "../a.wav");
  EXPECT_EQ(data["stem"], "a");
  EXPECT_EQ(data["hits_given"], false);
  EXPECT_THAT(page, HasSubstr("0 hits, 1 bar in 4/4"));
  EXPECT_EQ(data["drums"][1]["instrument"], index_of(Drum::ClosedHiHat));
  EXPECT_EQ(data["onsets"].get<std::string>().size(), (100 * 2 * 4 + 2) / 3 * 4U);
  EXPECT_EQ(data["bars"].size(), heard.score.measures.size());
}

}  // namespace
}  // namespace fyr
