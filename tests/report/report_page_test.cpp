// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/report_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "fyr/error.hpp"
#include "report/base64.hpp"
#include "report/svg.hpp"
#include "score/random_rhythm.hpp"
#include "score/tab.hpp"

namespace fyr {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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
  const auto pages = musescore_pages({page, page}, positions, "");
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_THAT(pages[0].svg, ::testing::StartsWith("<svg fill=\"currentColor\" viewBox"));
  EXPECT_THAT(pages[0].svg, HasSubstr("stroke=\"currentColor\""));
  ASSERT_EQ(pages[0].bars.size(), 1U);
  EXPECT_NEAR(pages[0].bars[0].x, 141.7, 1e-6);
  EXPECT_NEAR(pages[0].bars[0].width, 370, 1e-6);
  ASSERT_EQ(pages[1].bars.size(), 1U);
  EXPECT_EQ(pages[1].bars[0].measure, 1U);
  EXPECT_TRUE(pages[1].bars[0].places.empty());
  EXPECT_THROW(musescore_pages({page}, "<score/>", ""), OutputError);
  EXPECT_THROW(musescore_pages({"no picture"}, positions, ""), OutputError);
}

TEST(MusescorePages, KnowWhereTheNotesOfABarStand) {
  const std::string page =
      "<svg viewBox=\"0 0 2977 4208\"><polyline class=\"StaffLines\" points=\"100,527\"/></svg>";
  const std::string measures =
      "<score><elements><element id=\"0\" x=\"1000\" y=\"5000\" sx=\"4000\" sy=\"1000\" "
      "page=\"0\"/><element id=\"1\" x=\"5000\" y=\"5000\" sx=\"3000\" sy=\"1000\" page=\"0\"/>"
      "</elements><events><event elid=\"0\" position=\"0\"/><event elid=\"1\" position=\"2000\"/>"
      "</events></score>";
  const std::string segments =
      "<score><elements><element id=\"0\" x=\"2850\" y=\"5000\" sx=\"0\" sy=\"1000\" page=\"0\"/>"
      "<element id=\"1\" x=\"3850\" y=\"5000\" sx=\"0\" sy=\"1000\" page=\"0\"/>"
      "<element id=\"2\" x=\"5850\" y=\"5000\" sx=\"0\" sy=\"1000\" page=\"0\"/>"
      "<element id=\"3\" x=\"5900\" y=\"5000\" sx=\"0\" sy=\"1000\" page=\"0\"/>"
      "<element id=\"4\" x=\"7000\" y=\"5000\" sx=\"0\" sy=\"1000\" page=\"0\"/></elements><events>"
      "<event elid=\"0\" position=\"0\"/><event elid=\"1\" position=\"1500\"/>"
      "<event elid=\"2\" position=\"2500\"/><event elid=\"3\" position=\"2500\"/>"
      "<event elid=\"4\" position=\"4100\"/></events></score>";
  const auto bars = musescore_pages({page}, measures, segments)[0].bars;
  const auto expect_places = [](const BarBox& bar, const std::vector<EngravedMoment>& expected) {
    ASSERT_EQ(bar.places.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(bar.places[i].part, expected[i].part, 1e-9) << i;
      EXPECT_NEAR(bar.places[i].x, expected[i].x, 1e-9) << i;
    }
  };
  // Half a head to the right of where segments begin; of two at a time the first, none after the
  // end.
  expect_places(bars[0], {{0, 300}, {0.75, 400}, {1, 500}});
  expect_places(bars[1], {{0.25, 600}, {1, 800}});  // As long as the bar before.
  EXPECT_TRUE(musescore_pages({page}, measures, "no XML")[0].bars[0].places.empty());
}

TEST(MusescorePages, HaveABoxForEachBarOfALongRest) {
  Rhythm rhythm;
  for (int bar = 0; bar < 8; ++bar) {
    testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, bar % 7 == 0 ? "x-x-" : "----"}});
  }
  const std::vector<EngravedMoment> places{{0, 1}};
  std::vector<EngravedPage> drawn{{"", {{0, 0, 0, 10, 1, places}, {1, 10, 0, 60, 1, places}}},
                                  {"", {{2, 0, 0, 10, 1, places}}}};
  const auto pages = with_silent_bars(drawn, build_score(rhythm));
  ASSERT_EQ(pages[0].bars.size(), 7U);
  EXPECT_FALSE(pages[0].bars[0].places.empty());
  EXPECT_EQ(pages[0].bars[6].measure, 6U);
  EXPECT_EQ(pages[0].bars[6].x, 60);
  EXPECT_EQ(pages[0].bars[6].width, 10);
  EXPECT_TRUE(pages[0].bars[6].places.empty());
  ASSERT_EQ(pages[1].bars.size(), 1U);
  EXPECT_EQ(pages[1].bars[0].measure, 7U);
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
    std::size_t n_drawn = 0;
    for (const Measure& measure : score.measures) n_drawn += measure.lead_in ? 0U : 1U;
    std::size_t n_boxes = 0;
    for (const EngravedPage& line : draw_score(score)) {
      tinyxml2::XMLDocument document;
      ASSERT_EQ(document.Parse(line.svg.c_str()), tinyxml2::XML_SUCCESS) << document.ErrorStr();
      n_boxes += line.bars.size();
      for (const BarBox& bar : line.bars) {
        EXPECT_GT(bar.width, 0);
        EXPECT_LE(bar.x + bar.width, 1200);
        for (std::size_t k = 1; k < bar.places.size(); ++k) {
          EXPECT_GT(bar.places[k].part, bar.places[k - 1].part);
          EXPECT_GT(bar.places[k].x, bar.places[k - 1].x);
        }
        EXPECT_EQ(bar.places.back().part, 1);
        EXPECT_NEAR(bar.places.back().x, bar.x + bar.width, 1e-9);
      }
    }
    ASSERT_EQ(n_boxes, n_drawn);
  }
}

TEST(DrawScore, DrawsAHeadForEveryNoteAndDoubtInRed) {
  ScoreOptions options;
  options.doubt_below = 0.3;
  const std::string svg = draw_score(build_score(one_bar(), options)).front().svg;
  std::size_t n_heads = 0;
  for (std::size_t i = svg.find("rotate(-20"); i != svg.npos; i = svg.find("rotate(-20", i + 1)) {
    ++n_heads;
  }
  // Kick, snare, and the head in the tempo mark if there is one.
  EXPECT_GE(n_heads, 2U);
  EXPECT_LE(n_heads, 3U);
  EXPECT_THAT(svg, HasSubstr("#d03030"));
}

TEST(DrawScore, SaysWhichChordsAreChoked) {
  Rhythm rhythm = one_bar();
  const std::string rings = draw_score(build_score(rhythm)).front().svg;
  rhythm.hits.back().choked_after_s = 0.2;
  const std::string choked = draw_score(build_score(rhythm)).front().svg;
  const auto n_curves = [](const std::string& svg) {
    const std::regex curve("<path d=\"M[^\"]*Q");
    return std::distance(std::sregex_iterator(svg.begin(), svg.end(), curve),
                         std::sregex_iterator());
  };
  EXPECT_EQ(n_curves(choked), n_curves(rings) + 1);
}

struct Head {
  double x = 0;
  double half_width = 0;
};

/// The round ones, in the order of drawing.
std::map<std::string, std::vector<Head>> heads_by_height(const std::string& svg) {
  std::map<std::string, std::vector<Head>> heads;
  const std::regex head(
      R"re(<ellipse cx="([\d.]+)" cy="([\d.]+)" rx="([\d.]+)" ry="[\d.]+" transform="rotate)re");
  for (std::sregex_iterator it(svg.begin(), svg.end(), head), end; it != end; ++it) {
    heads[it->str(2)].push_back({std::stod(it->str(1)), std::stod(it->str(3))});
  }
  return heads;
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
  std::size_t n_pairs = 0;
  for (const EngravedPage& line : draw_score(build_score(rhythm))) {
    for (const auto& [y, heads] : heads_by_height(line.svg)) {
      for (std::size_t k = 1; k < heads.size(); ++k, ++n_pairs) {
        EXPECT_GE(heads[k].x - heads[k - 1].x, 12.9) << y;
      }
    }
  }
  EXPECT_GT(n_pairs, 40U);
}

/// Where four bars that were planned for a line need two, they do not stand as three and one.
TEST(DrawScore, SharesBarsOverTheLinesThatTheyNeed) {
  Rhythm rhythm = one_bar();
  rhythm.bars.resize(8, rhythm.bars.front());
  rhythm.hits.clear();
  for (int bar = 0; bar < 8; ++bar) {
    for (Tick tick = 0; tick < 1920; tick += 120) {
      rhythm.hits.push_back({bar, tick, Drum::ClosedHiHat, 100, 2 * bar + tick / 960.0, 1});
    }
  }
  Score score = build_score(rhythm);
  for (std::size_t i = 0; i < score.measures.size(); ++i) {
    score.measures[i].line_break = i == 3;
  }
  for (const EngravedPage& line : draw_score(score)) EXPECT_EQ(line.bars.size(), 2U);
}

/// As a crash over a hi-hat a step below it.
TEST(DrawScore, HeadsThatWouldTouchStandOnBothSidesOfTheStem) {
  Rhythm rhythm = one_bar();
  rhythm.hits = {{0, 0, Drum::Snare, 100, 0, 1}};
  Score score = build_score(rhythm);
  std::vector<Note>& notes = score.measures.front().voices.front().chords.front().notes;
  ASSERT_EQ(notes.size(), 1U);
  notes.push_back(notes.front());
  notes.back().place.line = notes.front().place.line + 1;
  const auto heads = heads_by_height(draw_score(score).front().svg);
  std::vector<double> x;
  for (const auto& [y, of_line] : heads) {
    for (const Head& head : of_line) x.push_back(head.x);
  }
  // One of them is that of the tempo.
  ASSERT_EQ(x.size(), 3U);
  std::ranges::sort(x);
  EXPECT_NEAR(x[2] - x[1], 11.2, 0.1);
}

TEST(DrawScore, KeepsGraceNotesOffTheNotesBefore) {
  Rhythm rhythm = one_bar();
  rhythm.hits.clear();
  for (Tick tick = 0; tick < 1920; tick += 120) {
    rhythm.hits.push_back({0, tick, Drum::Snare, 100, tick / 960.0, 1});
    rhythm.hits.back().ornament = tick % 240 == 0 ? Ornament::Drag : Ornament::Flam;
  }
  std::size_t n_pairs = 0;
  for (auto [y, heads] : heads_by_height(draw_score(build_score(rhythm)).front().svg)) {
    std::ranges::sort(heads, {}, &Head::x);
    for (std::size_t k = 1; k < heads.size(); ++k, ++n_pairs) {
      EXPECT_GT(heads[k].x - heads[k - 1].x, heads[k].half_width + heads[k - 1].half_width) << y;
    }
  }
  EXPECT_EQ(n_pairs, 16U + 16 + 8 - 1);
}

TEST(DrawScore, BracketsTupletsThatNoBeamHoldsTogether) {
  Rhythm rhythm = one_bar();
  rhythm.bars.front().grids.assign(4, Grid::Triplet);
  rhythm.hits.clear();
  for (const Tick tick : {0, 160, 320}) {
    rhythm.hits.push_back({0, tick, Drum::Snare, 100, tick / 960.0, 1});
  }
  const std::string number = ">3</text>";
  const std::string bracket = "class=\"tuplet\"";
  const std::string beamed = draw_score(build_score(rhythm)).front().svg;
  EXPECT_THAT(beamed, HasSubstr(number));
  EXPECT_THAT(beamed, Not(HasSubstr(bracket)));
  rhythm.hits.erase(rhythm.hits.begin() + 1);
  const std::string apart = draw_score(build_score(rhythm)).front().svg;
  EXPECT_THAT(apart, HasSubstr(number));
  EXPECT_THAT(apart, HasSubstr(bracket));
}

TEST(DrawScore, TellsWhereTheNotesStand) {
  const EngravedPage line = draw_score(build_score(one_bar())).front();
  const std::vector<EngravedMoment>& places = line.bars.front().places;
  ASSERT_GE(places.size(), 3U);
  EXPECT_EQ(places[0].part, 0);
  EXPECT_EQ(places[1].part, 0.25);
  std::vector<double> heads;
  for (const auto& [y, of_height] : heads_by_height(line.svg)) {
    for (const Head& head : of_height) heads.push_back(head.x);
  }
  // Kick and snare, right of the time signature.
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_GT(places[k].x, line.bars.front().x + 34);
    EXPECT_THAT(heads, ::testing::Contains(::testing::DoubleNear(places[k].x, 0.01)));
  }
}

TEST(DrawScore, TellsOnceThatEighthsSwing) {
  Rhythm rhythm;
  for (int bar = 0; bar < 12; ++bar) {
    testing::add_tab(rhythm, {4, 4}, {{Drum::Ride, "xxxxxxxx"}, {Drum::Kick, "x---x---"}});
  }
  const auto n_told = [&] {
    std::size_t n = 0;
    for (const EngravedPage& line : draw_score(build_score(rhythm))) {
      n += line.svg.find(">Swing<") == std::string::npos ? 0U : 1U;
    }
    return n;
  };
  EXPECT_EQ(n_told(), 0U);
  rhythm.swing.share = 0.66;
  EXPECT_EQ(n_told(), 1U);
}

TEST(DrawScore, ALetterStandsBesideTheTempoOfAShortPickup) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {1, 8}, {{Drum::Snare, "x"}});
  testing::add_tab(rhythm, {4, 4}, {{Drum::Ride, "xxxxxxxx"}, {Drum::Kick, "x---x---"}});
  rhythm.swing = {0.6, kTicksPerQuarter / 4};
  Score score = build_score(rhythm);
  score.measures.at(1).rehearsal = "A";
  const std::string svg = draw_score(score).front().svg;
  const auto x_of = [&](const std::string& text) {
    std::smatch found;
    const std::regex at("<text x=\"([0-9.]+)\"[^>]*>" + text);
    return std::regex_search(svg, found, at) ? std::stod(found[1]) : std::nan("");
  };
  EXPECT_GT(x_of("= 120"), x_of("Swing 16ths") + 100);
  EXPECT_GT(x_of("A<"), x_of("= 120") + 45);
}

TEST(DrawScore, AShortLastLineKeepsItsSize) {
  const BarBox bar = draw_score(build_score(one_bar())).front().bars.front();
  EXPECT_LT(bar.width, 400);
}

TEST(DrawScore, PutsTheDynamicUnderTheFirstNote) {
  Score score = build_score(one_bar());
  score.measures.front().tempi.clear();
  score.measures.front().dynamic = {Dynamic::F, 0, 0};
  const std::string svg = draw_score(score).front().svg;
  const auto heads = heads_by_height(svg);
  double first = 1200;
  for (const auto& [y, of_height] : heads) first = std::min(first, of_height.front().x);
  EXPECT_THAT(svg, HasSubstr("<text x=\"" + svg_number(first) + "\""));
}

/// The page of a second of sound in which `rhythm` was heard, and the data that it holds.
std::pair<std::string, nlohmann::json> written(const Rhythm& rhythm, const std::string& title) {
  Audio audio{std::vector<float>(44100, 0.1F), 44100};
  Analysis analysis;
  analysis.recording = "a.wav";
  analysis.duration_s = 1;
  analysis.activations.drums = {Drum::Kick, Drum::OpenHiHat};
  analysis.activations.onsets = Matrix::Constant(100, 2, 0.5F);
  Transcription heard;
  heard.duration_s = 1;
  heard.rhythm = rhythm;
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
                     draw_score(heard.score),
                     {}},
                    out);
  const std::string page = out.str();
  const std::string start = "<script id=\"data\" type=\"application/json\">";
  const std::size_t from = page.find(start) + start.size();
  return {page, nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from))};
}

TEST(ReportPage, HoldsDataThatNoTitleCanBreak) {
  const std::string title = "</script><b>R&B \"x\" {{data}}";
  const auto [page, data] = written(one_bar(), title);
  EXPECT_THAT(page, HasSubstr("<title>&lt;/script&gt;&lt;b&gt;R&amp;B"));
  EXPECT_EQ(data["title"], title);
  EXPECT_EQ(data["recording"], "../a.wav");
  EXPECT_EQ(data["stem"], "a");
  EXPECT_EQ(data["hits_given"], false);
  EXPECT_THAT(page, HasSubstr("a.wav, 0:01 · 0 hits, 1 bar in 4/4"));
  EXPECT_EQ(data["drums"][1]["instrument"], index_of(Drum::ClosedHiHat));
  EXPECT_EQ(data["onsets"].get<std::string>().size(), (100 * 2 * 4 + 2) / 3 * 4U);
  EXPECT_EQ(data["bars"].size(), 1U);
}

TEST(ReportPage, HoldsThePlacesOfTheNotes) {
  const std::string page = written(one_bar(), "Places").first;
  const std::vector<EngravedMoment> places =
      draw_score(build_score(one_bar())).front().bars.front().places;
  EXPECT_THAT(page, HasSubstr(" data-places=\"0 " + svg_number(places[0].x) + " 25 " +
                              svg_number(places[1].x)));
}

/// A pickup behind silence is written as a whole bar, which begins before it.
TEST(ReportPage, KnowsWhenThePickupsBarBegins) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {4, 4}, {{Drum::Snare, "x"}}, kTicksPerQuarter);
  testing::add_tab(rhythm, {4, 4}, {{Drum::Kick, "x-x-"}});
  for (Bar& bar : rhythm.bars) {
    bar.start_s += 5.5;
    bar.end_s += 5.5;
  }
  const nlohmann::json bars = written(rhythm, "Pickup").second["bars"];
  ASSERT_EQ(bars.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(bars[i]["start_s"], 2.0 * double(i), 1e-9) << i;
    EXPECT_NEAR(bars[i]["end_s"], 2.0 * double(i + 1), 1e-9) << i;
  }
}

TEST(ReportPage, KnowsWhenTheBarsAfterASilenceSound) {
  Rhythm rhythm = one_bar();
  rhythm.bars[0].start_s = 8;
  rhythm.bars[0].end_s = 10;
  for (QuantisedHit& hit : rhythm.hits) hit.time_s += 8;
  const nlohmann::json bars = written(rhythm, "Late").second["bars"];
  ASSERT_EQ(bars.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    const double start_s = 2.0 * static_cast<double>(i);
    EXPECT_EQ(bars[i]["label"], std::to_string(i + 1));
    EXPECT_NEAR(bars[i]["start_s"].get<double>(), start_s, 1e-9);
    EXPECT_NEAR(bars[i]["end_s"].get<double>(), start_s + 2, 1e-9);
  }
}

}  // namespace
}  // namespace fyr
