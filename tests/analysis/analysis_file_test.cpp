// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <sstream>
#include <string>

#include "fyr/analysis.hpp"
#include "fyr/error.hpp"
#include "support/temporary_folder.hpp"
#include "writers/zip.hpp"

namespace fyr {
namespace {

namespace fs = std::filesystem;

class AnalysisFile : public testing::Test {
 protected:
  fs::path write(const std::string& bytes) const {
    test::write_bytes(folder_ / "a.npz", bytes);
    return folder_ / "a.npz";
  }

  const test::TemporaryFolder folder_;
};

Analysis example() {
  Analysis analysis;
  analysis.recording = "Größe \"two\".wav";
  analysis.tags = {"Größe", "Nobody"};
  analysis.model_id = "test-1";
  analysis.duration_s = 1.0 / 3;
  analysis.time_offset_s = -0.0071;
  analysis.activations.hop_s = 441.0 / 44100;
  analysis.activations.drums = {Drum::Snare, Drum::Kick};
  analysis.activations.onsets = Matrix::Random(33, 2).cwiseAbs();
  analysis.activations.velocities = Matrix::Random(33, 2).cwiseAbs();
  analysis.activations.beats = Matrix::Random(33, 2).cwiseAbs();
  for (std::size_t i = 0; i < 33 * kNTimbreValues; ++i) {
    analysis.timbre.values.push_back(static_cast<std::uint8_t>(7 * i));
  }
  analysis.timbre.log_multiplier = 4000.5;
  analysis.peak_picking[index_of(Drum::Snare)].threshold = 0.1234567890123;
  Context& context = analysis.context.emplace();
  context.drums[index_of(Drum::Snare)] = {0.25, 0.1, -0.2};
  ContextUnit unit;
  unit.weights[33] = 1.0 / 3;
  unit.biases[index_of(Drum::Snare)] = 0.4;
  unit.outputs[index_of(Drum::Kick)] = -0.7;
  context.units = {unit, {}};
  return analysis;
}

std::string bytes_of(const Analysis& analysis) {
  std::ostringstream bytes;
  write_analysis(analysis, bytes);
  return bytes.str();
}

TEST_F(AnalysisFile, KeepsEveryBit) {
  const Analysis written = example();
  const Analysis read = read_analysis(write(bytes_of(written)));
  EXPECT_EQ(read.recording, written.recording);
  EXPECT_EQ(read.tags.title, written.tags.title);
  EXPECT_EQ(read.tags.artist, written.tags.artist);
  EXPECT_EQ(read.model_id, written.model_id);
  EXPECT_EQ(read.duration_s, written.duration_s);
  EXPECT_EQ(read.time_offset_s, written.time_offset_s);
  EXPECT_EQ(read.activations.hop_s, written.activations.hop_s);
  EXPECT_EQ(read.activations.drums, written.activations.drums);
  EXPECT_EQ(read.activations.onsets, written.activations.onsets);
  EXPECT_EQ(read.activations.velocities, written.activations.velocities);
  EXPECT_EQ(read.activations.beats, written.activations.beats);
  EXPECT_EQ(read.timbre.values, written.timbre.values);
  EXPECT_EQ(read.timbre.hop_s, written.activations.hop_s);
  EXPECT_EQ(read.timbre.log_multiplier, 4000.5);
  EXPECT_EQ(read.peak_picking[index_of(Drum::Snare)].threshold, 0.1234567890123);
  ASSERT_TRUE(read.context.has_value());
  const DrumContext& snare = read.context->drums[index_of(Drum::Snare)];
  EXPECT_EQ(snare.first_threshold, 0.25);
  EXPECT_EQ(snare.own, 0.1);
  EXPECT_EQ(snare.constant, -0.2);
  ASSERT_EQ(read.context->units.size(), 2U);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(read.context->units[k].weights, written.context->units[k].weights);
    EXPECT_EQ(read.context->units[k].biases, written.context->units[k].biases);
    EXPECT_EQ(read.context->units[k].outputs, written.context->units[k].outputs);
  }
}

TEST_F(AnalysisFile, IsTheSameEveryTime) {
  const Analysis analysis = example();
  EXPECT_EQ(bytes_of(analysis), bytes_of(analysis));
}

TEST_F(AnalysisFile, NeedsNoTagsVelocitiesBeatsNorTimbre) {
  Analysis analysis = example();
  analysis.tags = {};
  analysis.activations.velocities.resize(0, 0);
  analysis.activations.beats.resize(0, 0);
  analysis.timbre = {};
  const Analysis read = read_analysis(write(bytes_of(analysis)));
  EXPECT_EQ(read.tags.title, "");
  EXPECT_EQ(read.activations.velocities.size(), 0);
  EXPECT_EQ(read.activations.beats.size(), 0);
  EXPECT_TRUE(read.timbre.values.empty());
}

void expect_refused(const fs::path& path, const std::string& why) {
  try {
    read_analysis(path);
    FAIL() << "accepted, expected: " << why;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(why));
    EXPECT_THAT(error.what(), testing::HasSubstr(path.string()));
    EXPECT_THAT(error.what(), testing::HasSubstr("; "));
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("\n")));
  }
}

TEST_F(AnalysisFile, TimbreIsAsLongAsTheActivations) {
  Analysis analysis = example();
  analysis.timbre.values.resize(32 * kNTimbreValues);
  expect_refused(write(bytes_of(analysis)), "\"timbre\" is 32 x 20, expected 33 x 20");
}

TEST_F(AnalysisFile, RefusesWhatIsDamaged) {
  const std::string whole = bytes_of(example());
  expect_refused(folder_ / "missing.npz", "no such file");
  expect_refused(folder_.path(), "directory");
  expect_refused(write(""), "it is empty");
  expect_refused(write("no zip at all"), "not a zip archive");
  expect_refused(write(whole.substr(0, whole.size() / 2)), "not a zip archive");
  std::string flipped = whole;
  flipped[60] = static_cast<char>(flipped[60] ^ 0x55);
  expect_refused(write(flipped), "damaged");
}

/// The example, `from` in one of its arrays being `to`.
std::string with_array(const std::string& name, const std::string& from, const std::string& to) {
  auto parts = unzip(bytes_of(example()), {"metadata.npy", "onsets.npy"}, std::size_t{1} << 20);
  std::string& bytes = parts.at(name);
  bytes.replace(bytes.find(from), from.size(), to);
  return zip({{"metadata.npy", parts["metadata.npy"]}, {"onsets.npy", parts["onsets.npy"]}},
             "a test");
}

TEST_F(AnalysisFile, RefusesArraysOfOtherKinds) {
  const auto with_onsets = [&](const std::string& from, const std::string& to) {
    return write(with_array("onsets.npy", from, to));
  };
  EXPECT_NO_THROW(read_analysis(with_onsets("(33, 2)", "(33,2,)")));
  expect_refused(with_onsets("<f4", "<f8"), "an array is \"<f8\" with 2 dimensions");
  expect_refused(with_onsets("(33, 2)", "(66,)  "), "with 1 dimensions, expected two of float32");
  expect_refused(with_onsets("(33, 2)", "(34, 2)"), "an array is cut off");
  expect_refused(with_onsets("(33, 2)", "(33, 0)"), "an array is cut off");
  expect_refused(with_onsets("False", "True "), "expected two of float32 in C order");
  expect_refused(with_onsets("<f4'", "<f4 "), "an array is \"<f4 ");
  expect_refused(with_onsets("descr", "dtype"), "an array's header lacks descr");
  expect_refused(with_onsets("NUMPY", "NUMPI"), "it holds no NumPy array");
  expect_refused(write(with_array("metadata.npy", "|S", "<U")), "its metadata is \"<U");
}

TEST_F(AnalysisFile, RefusesForeignAndInconsistentArrays) {
  expect_refused(write(zip({{"onsets.npy", "x"}}, "a test")), "metadata.npy");
  Analysis analysis = example();
  analysis.activations.velocities.conservativeResize(32, 2);
  expect_refused(write(bytes_of(analysis)), "\"velocities\" is 32 x 2, expected 33 x 2");
  analysis = example();
  analysis.activations.onsets(3, 1) = 1.5F;
  expect_refused(write(bytes_of(analysis)), "outside 0 to 1");
  analysis = example();
  analysis.activations.onsets(3, 1) = std::numeric_limits<float>::quiet_NaN();
  expect_refused(write(bytes_of(analysis)), "outside 0 to 1");
  analysis = example();
  analysis.duration_s = -1;
  expect_refused(write(bytes_of(analysis)), "duration_s");
  analysis.duration_s = 1e6;
  expect_refused(write(bytes_of(analysis)), "\"duration_s\" is longer than its 33 frames");
  analysis = example();
  analysis.activations.beats.conservativeResize(33, 1);
  expect_refused(write(bytes_of(analysis)), "\"beats\" is 33 x 1, expected 33 x 2");
  for (const double hop_s : {0.0, 1.5}) {
    analysis = example();
    analysis.activations.hop_s = hop_s;
    expect_refused(write(bytes_of(analysis)), "hop_s");
  }
}

}  // namespace
}  // namespace fyr
