// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/plot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <string>

namespace fyr {
namespace {

Analysis analysis(double duration_s) {
  Analysis analysis;
  analysis.duration_s = duration_s;
  analysis.activations.drums = {Drum::Kick, Drum::Snare};
  analysis.activations.onsets = Matrix::Zero(static_cast<Eigen::Index>(100 * duration_s), 2);
  return analysis;
}

Transcription struck(const std::vector<Onset>& hits) {
  Transcription heard;
  heard.onsets = hits;
  return heard;
}

int byte_at(const std::string& bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

/// A PNG's header holds width and height as big-endian numbers.
int png_width(const std::string& png) { return byte_at(png, 18) << 8 | byte_at(png, 19); }
int png_height(const std::string& png) { return byte_at(png, 22) << 8 | byte_at(png, 23); }

TEST(Plot, DrawsTheDrumsThatAreStruck) {
  const Analysis heard = analysis(20);
  const auto plot = [&](const std::vector<Onset>& hits) {
    return plot_activations(heard, heard.peak_picking, struck(hits), PlotFormat::Png);
  };
  const std::string one = plot({{1, Drum::Kick, 100, 1}});
  const std::string both = plot({{1, Drum::Kick, 100, 1}, {2, Drum::Snare, 100, 1}});
  EXPECT_THAT(one, testing::StartsWith("\x89PNG"));
  EXPECT_EQ(png_height(both) - png_height(one), 54);
  EXPECT_EQ(png_height(plot({})), png_height(both));
  EXPECT_NE(one, plot({{1.5, Drum::Kick, 100, 1}}));
}

TEST(Plot, DrawsDrumsThatAThresholdWouldBringBack) {
  Analysis heard = analysis(20);
  const auto height = [&] {
    return png_height(plot_activations(heard, heard.peak_picking, struck({{1, Drum::Kick, 100, 1}}),
                                       PlotFormat::Png));
  };
  const int without = height();
  heard.activations.onsets(500, 1) = 0.05F;
  EXPECT_EQ(height(), without);
  heard.activations.onsets(500, 1) = 0.2F;
  EXPECT_EQ(height() - without, 54);
}

TEST(Plot, GrowsWithTheRecordingAsFarAsPicturesGo) {
  const auto width = [](double duration_s) {
    const Analysis heard = analysis(duration_s);
    return png_width(plot_activations(heard, heard.peak_picking, {}, PlotFormat::Png));
  };
  EXPECT_EQ(width(30) - width(20), 600);
  EXPECT_EQ(width(0), 700);
  EXPECT_EQ(width(3600), 32000);
}

TEST(Plot, ShowsEveryPeakOfALongRecordingInAPointAPixel) {
  Analysis heard = analysis(2000);
  const auto plot = [&](PlotFormat format) {
    return plot_activations(heard, heard.peak_picking, struck({{1, Drum::Kick, 100, 1}}), format);
  };
  auto kick = heard.activations.onsets.col(0);
  for (Eigen::Index i = 0; i < kick.size(); ++i) kick(i) = float(i * 7919 % 100) / 100;
  EXPECT_LT(plot(PlotFormat::Svg).size(), 32U * 32000);
  kick.setZero();
  // SVGs have numbers of their own each time.
  const std::string flat = plot(PlotFormat::Png);
  ASSERT_EQ(plot(PlotFormat::Png), flat);
  for (const Eigen::Index frame : {1001, 1003, 1005}) {
    heard.activations.onsets(frame, 0) = 1;
    EXPECT_NE(plot(PlotFormat::Png), flat) << frame;
    heard.activations.onsets(frame, 0) = 0;
  }
}

TEST(Plot, WritesWellFormedSvg) {
  const Analysis heard = analysis(2);
  const std::string svg = plot_activations(heard, heard.peak_picking,
                                           struck({{1, Drum::Kick, 100, 1}}), PlotFormat::Svg);
  tinyxml2::XMLDocument document;
  EXPECT_EQ(document.Parse(svg.c_str()), tinyxml2::XML_SUCCESS) << document.ErrorStr();
}

TEST(Plot, APickupHasNoNumber) {
  const Analysis whole = analysis(20);
  const auto plot = [&](const std::vector<double>& starts_s, std::size_t n_unnumbered) {
    Transcription heard = struck({{12, Drum::Kick, 100, 1}});
    for (const double start_s : starts_s) {
      heard.rhythm.bars.push_back({{4, 4}, 4 * kTicksPerQuarter, start_s, start_s + 2, {}});
    }
    heard.score.measures.resize(starts_s.size());
    for (std::size_t i = 0; i < n_unnumbered; ++i) heard.score.measures[i].numbered = false;
    return plot_activations(whole, whole.peak_picking, heard, PlotFormat::Png);
  };
  EXPECT_EQ(plot({10, 12}, 1), plot({12}, 0));
  EXPECT_NE(plot({10, 12}, 0), plot({12}, 0));
}

TEST(Plot, NumbersBarsAsTheScoreDoes) {
  const Analysis whole = analysis(20);
  const auto plot = [&](double start_s, std::size_t n_silent) {
    Transcription heard = struck({{12, Drum::Kick, 100, 1}});
    Bar bar;
    bar.length = bar.meter.bar_ticks();
    bar.start_s = start_s;
    bar.end_s = start_s + 2;
    heard.rhythm.bars = {bar};
    heard.score.measures.resize(1 + n_silent);
    heard.score.n_silent = n_silent;
    return plot_activations(whole, whole.peak_picking, heard, PlotFormat::Png);
  };
  EXPECT_NE(plot(12, 0), plot(12, 6));  // 1 and 7 stand over it.
  EXPECT_NE(plot(12, 0), plot(10, 0));  // The line is elsewhere.
  EXPECT_EQ(plot(-1, 0), plot(-2, 0));  // Outside the picture.
}

}  // namespace
}  // namespace fyr
