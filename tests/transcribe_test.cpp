// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/transcribe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>
#include <sstream>

#include "fyr/beats_in_hits.hpp"
#include "fyr/error.hpp"
#include "fyr/onsets.hpp"
#include "fyr/writers.hpp"
#include "support/sound_files.hpp"

namespace fyr {
namespace {

const std::filesystem::path kSource = FYR_SOURCE_DIR;
const std::filesystem::path kDemo = kSource / "data" / "rock_95bpm.flac";

/// The shipped model and what it makes of the demo recording.
class Transcribe : public testing::Test {
 protected:
  std::string mscx(const std::filesystem::path& path, const TranscribeOptions& options,
                   const Network& network) const {
    std::ostringstream bytes;
    write_mscx(transcribe(path, model_, network, options).score, bytes);
    return bytes.str();
  }

  template <typename Sound>
  std::string csv(const Sound& sound, const TranscribeOptions& options = {}) const {
    std::ostringstream bytes;
    write_csv(transcribe(sound, model_, network_, options).onsets, bytes);
    return bytes.str();
  }

  const Model model_ = load_model(kSource / "models" / "drums.safetensors");
  const Network network_{model_};
};

TEST_F(Transcribe, GivesTheSameBytesForAnyBlockAndAnyNumberOfThreads) {
  const std::string hits = csv(kDemo);
  const std::string score = mscx(kDemo, {}, network_);
  EXPECT_GT(hits.size(), 1000U);
  for (const int block_frames : {997, 1 << 18}) {
    for (const int n_threads : {1, 3}) {
      TranscribeOptions cut;
      cut.block_frames = block_frames;
      cut.n_threads = n_threads;
      EXPECT_EQ(csv(kDemo, cut), hits) << block_frames << ", " << n_threads;
      EXPECT_EQ(mscx(kDemo, cut, network_), score) << block_frames << ", " << n_threads;
    }
  }
}

TEST_F(Transcribe, EqualsTheStagesRunOnTheWholeRecording) {
  // Stereo noise bursts at another rate, a little longer than two batches of segments.
  const test::TemporaryFolder folder;
  std::mt19937 random(4);
  std::uniform_real_distribution<float> uniform(-0.5F, 0.5F);
  std::vector<float> samples(std::size_t{2} * 48000 * 31);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = uniform(random) * std::exp(-static_cast<float>(i / 2 % 24000) / 900.0F);
  }
  test::write_sound(folder / "a.wav", samples, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 2);

  const Audio audio = read_audio(folder / "a.wav", model_.features.rate_hz);
  Activations whole = network_.run(compute_features(audio, model_.features));
  PeakFinder finder(model_.peak_picking, 1, model_.time_offset_s);
  finder.push(whole);
  const auto onsets = pick_onsets(finder.finish(), model_.peak_picking);
  TranscribeOptions keeping;
  keeping.keep_activations = true;
  const Heard heard = listen(folder / "a.wav", model_, network_, keeping);
  EXPECT_EQ(heard.duration_s, audio.duration_s());
  EXPECT_EQ(heard.activations.onsets, whole.onsets);
  EXPECT_EQ(heard.activations.velocities, whole.velocities);
  ASSERT_NE(network_.hits_network(), nullptr);
  EXPECT_NE(heard.activations.beats, whole.beats);
  weigh_in_hits(first_pass_hits(heard.peaks, model_.peak_picking, model_.context),
                *model_.hits_network, *network_.hits_network(), whole);
  EXPECT_EQ(heard.activations.beats, whole.beats);
  const auto heard_onsets = pick_onsets(heard.peaks, model_.peak_picking);
  ASSERT_EQ(heard_onsets.size(), onsets.size());
  EXPECT_GT(onsets.size(), 20U);
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    EXPECT_EQ(heard_onsets[i].time_s, onsets[i].time_s);
    EXPECT_EQ(heard_onsets[i].drum, onsets[i].drum);
  }
}

TEST(Decode, FindsTheBarsFromTheHitsInContext) {
  // Kick and snare in turn at 100 BPM, of which the first look sees nothing.
  Analysis analysis;
  analysis.duration_s = 24;
  analysis.activations.hop_s = 0.01;
  analysis.activations.drums = {Drum::Kick, Drum::Snare};
  analysis.activations.onsets = Matrix::Zero(2400, 2);
  for (Eigen::Index beat = 0; beat < 38; ++beat) {
    analysis.activations.onsets(60 + 60 * beat, beat % 2) = 0.9F;
  }
  analysis.context = Context{};
  for (DrumContext& drum : analysis.context->drums) drum.first_threshold = 1;
  const Transcription decoded = decode(analysis, {});
  EXPECT_EQ(decoded.onsets.size(), 38U);
  EXPECT_NEAR(decoded.rhythm.tempo_bpm, 100, 1);
  EXPECT_GE(decoded.rhythm.beats.size(), 38U);
}

TEST(Decode, WritesWhatCanBePlayedAndFindsTheBarsWithAll) {
  // Kick and snare in turn at 100 BPM, with a hi-hat that is surer than a crash 10 ms later.
  Analysis analysis;
  analysis.duration_s = 24;
  analysis.activations.hop_s = 0.01;
  analysis.activations.drums = {Drum::Kick, Drum::Snare, Drum::ClosedHiHat, Drum::Crash};
  analysis.activations.onsets = Matrix::Zero(2400, 4);
  for (Eigen::Index beat = 0; beat < 38; ++beat) {
    const Eigen::Index frame = 60 + 60 * beat;
    analysis.activations.onsets(frame, beat % 2) = 0.9F;
    analysis.activations.onsets(frame, 2) = 0.9F;
    if (beat % 4 == 2) analysis.activations.onsets(frame + 1, 3) = 0.6F;
  }
  for (PeakPicking& drum : analysis.peak_picking) drum.alone_s = 0.02;
  PeakFinder finder(analysis.peak_picking, 1, 0);
  finder.push(analysis.activations);
  const std::vector<Onset> all = pick_onsets(finder.finish(), analysis.peak_picking);
  const std::vector<Onset> possible = drop_impossible(all, analysis.peak_picking);
  ASSERT_LT(possible.size(), all.size());
  const auto beats_of = [&](const std::vector<Onset>& onsets) {
    return place_in_bars(find_bars(onsets, {}, analysis.duration_s), possible).beats;
  };

  TranscribeOptions options;
  const Transcription decoded = decode(analysis, options);
  EXPECT_EQ(decoded.onsets.size(), possible.size());
  EXPECT_EQ(decoded.rhythm.hits.size(), possible.size());
  EXPECT_EQ(std::ranges::count(decoded.onsets, Drum::Crash, &Onset::drum), 0);
  EXPECT_EQ(decoded.rhythm.beats, beats_of(all));
  EXPECT_NE(decoded.rhythm.beats, beats_of(possible));
  options.hits = all;
  EXPECT_EQ(decode(analysis, options).onsets.size(), all.size()) << "given hits were played";
}

TEST(Decode, HearsTheCrashThatIsChoked) {
  Analysis analysis;
  analysis.duration_s = 8;
  analysis.activations.hop_s = 0.01;
  analysis.activations.drums = {Drum::Crash};
  analysis.activations.onsets = Matrix::Zero(800, 1);
  analysis.activations.onsets(100, 0) = analysis.activations.onsets(500, 0) = 0.9F;
  analysis.timbre = {0.01, 4000, std::vector<std::uint8_t>(800 * kNTimbreValues, 10)};
  for (std::size_t i = 0; i < analysis.timbre.values.size(); ++i) {
    const std::size_t frame = i / kNTimbreValues;
    const bool rings = (frame >= 100 && frame < 140) || frame >= 500;
    if (rings) analysis.timbre.values[i] = 120;
  }
  TranscribeOptions options;
  const Transcription found = decode(analysis, options);
  ASSERT_EQ(found.onsets.size(), 2U);
  EXPECT_NEAR(found.onsets[0].choked_after_s, 0.4, 0.1);
  EXPECT_EQ(found.onsets[1].choked_after_s, 0);
  ASSERT_EQ(found.rhythm.hits.size(), 2U);
  EXPECT_EQ(found.rhythm.hits[0].choked_after_s, found.onsets[0].choked_after_s);
  options.hits = {{1, Drum::Crash, 90, 0.9}};
  EXPECT_NEAR(decode(analysis, options).onsets.at(0).choked_after_s, 0.4, 0.1);
}

TEST_F(Transcribe, HearsAQuietRecordingAsIfItWereLouder) {
  const test::TemporaryFolder folder;
  std::vector<float> samples = read_audio(kDemo, 44100).samples;
  const auto written = [&](const char* name, float peak) {
    const float before = std::abs(
        *std::ranges::max_element(samples, {}, [](float sample) { return std::abs(sample); }));
    for (float& sample : samples) sample *= peak / before;
    test::write_sound(folder / name, samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
    return folder / name;
  };
  Model model = model_;
  model.input_level = {-12, -6, 20};
  const auto activations = [&](const std::filesystem::path& path) {
    TranscribeOptions keeping;
    keeping.keep_activations = true;
    return listen(path, model, network_, keeping).activations.onsets;
  };
  const auto differ = [](const Matrix& a, const Matrix& b) {
    return (a - b).cwiseAbs().maxCoeff();
  };
  const Matrix raised = activations(written("half.wav", 0.5011872F));  // -6 dB
  EXPECT_LT(differ(activations(written("quiet.wav", 0.1F)), raised), 1e-3);
  EXPECT_GT(differ(activations(written("above.wav", 0.3F)), raised), 1e-2);
  const Matrix silence = activations(written("silence.wav", 0.0F));
  EXPECT_TRUE(silence.allFinite());
  samples = read_audio(kDemo, 44100).samples;
  // By 20 dB and no more: as loud as 0.05 is where nothing is raised.
  const Matrix faint = activations(written("faint.wav", 0.005F));
  model.input_level.reset();
  EXPECT_LT(differ(activations(written("tenfold.wav", 0.05F)), faint), 1e-3);
}

TEST_F(Transcribe, HearsWhatExceedsFullScaleAsIfItDidNot) {
  Audio audio = read_audio(kDemo, 44100);
  const auto peak = [&] {
    return std::abs(*std::ranges::max_element(audio.samples, {},
                                              [](float sample) { return std::abs(sample); }));
  };
  TranscribeOptions keeping;
  keeping.keep_activations = true;
  const auto scaled_to = [&](float to) {
    const float gain = to / peak();
    for (float& sample : audio.samples) sample *= gain;
    return listen(audio, model_, network_, keeping).activations.onsets;
  };
  const Matrix full = scaled_to(1);
  EXPECT_LT((scaled_to(4) - full).cwiseAbs().maxCoeff(), 1e-3);
  EXPECT_GT((scaled_to(0.7F) - full).cwiseAbs().maxCoeff(), 1e-2);
}

TEST_F(Transcribe, HearsSamplesAsTheFileThatHoldsThem) {
  // At another rate and so quiet that they are raised.
  const test::TemporaryFolder folder;
  Audio audio = read_audio(kDemo, 48000);
  for (float& sample : audio.samples) sample *= 0.03F;
  test::write_sound(folder / "quiet.wav", audio.samples, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000);
  const std::string hits = csv(audio);
  EXPECT_GT(hits.size(), 1000U);
  EXPECT_EQ(hits, csv(folder / "quiet.wav"));
  EXPECT_EQ(transcribe(audio, model_, network_).source, "");

  audio.samples[1000] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(transcribe(audio, model_, network_), InputError);
  audio.samples.clear();
  EXPECT_THROW(transcribe(audio, model_, network_), InputError);
  audio = {{0.1F}, 7999};
  EXPECT_THROW(transcribe(audio, model_, network_), InputError);
}

TEST_F(Transcribe, PicksAsTheModelSaysUnlessTold) {
  TranscribeOptions as_model;
  as_model.peak_picking = model_.peak_picking;
  as_model.n_threads = 0;
  EXPECT_EQ(csv(kDemo, as_model), csv(kDemo));
  TranscribeOptions all_alike;
  all_alike.peak_picking.emplace();
  EXPECT_NE(csv(kDemo, all_alike), csv(kDemo));
}

TEST(Decode, RefusesHitsThatAreNoneBeforeTheScore) {
  Analysis analysis;
  analysis.duration_s = 8;
  const auto refused = [&](std::vector<Onset> hits) {
    TranscribeOptions options;
    options.hits = std::move(hits);
    EXPECT_THROW(decode(analysis, options), Error);
    EXPECT_THROW(find_bars(*options.hits, {}, analysis.duration_s), UsageError);
  };
  refused({{2, Drum::Kick, 90, 1}, {1, Drum::Snare, 90, 1}});
  refused({{-1, Drum::Kick, 90, 1}});
  refused({{1, Drum::Kick, 0, 1}});
  refused({{1, Drum::Kick, 128, 1}});
  refused({{std::nan(""), Drum::Kick, 90, 1}});
  refused({{std::numeric_limits<double>::infinity(), Drum::Kick, 90, 1}});
}

TEST_F(Transcribe, KeepsOnlyBeatsUnlessAskedForMore) {
  const Heard heard = listen(kDemo, model_, network_, {});
  EXPECT_EQ(heard.activations.onsets.size(), 0);
  EXPECT_NEAR(static_cast<double>(heard.activations.beats.rows()) * 0.01, heard.duration_s, 0.02);
}

TEST_F(Transcribe, DoesNotListenWhereHitsAndBeatsAreGiven) {
  TranscribeOptions given;
  given.hits = transcribe(kDemo, model_, network_, {}).onsets;
  for (double time_s = 0; time_s < 8; time_s += 0.5) {
    given.rhythm.beats.push_back({time_s, static_cast<int>(time_s * 2) % 4 + 1});
  }
  const auto listened = [](const Transcription& result) {
    return std::ranges::find(result.timings, "network", &StageTime::stage) != result.timings.end();
  };
  double heard_s = 0;
  given.on_heard = [&](double so_far_s, double) { heard_s = so_far_s; };
  const Transcription read = transcribe(kDemo, model_, network_, given);
  EXPECT_FALSE(listened(read));
  EXPECT_NEAR(heard_s, read.duration_s, 0.01);
  given.keep_activations = true;
  const Transcription heard = transcribe(kDemo, model_, network_, given);
  EXPECT_TRUE(listened(heard));
  const auto chokes_of = [](const Transcription& result) {
    std::vector<double> chokes;
    for (const Onset& onset : result.onsets) chokes.push_back(onset.choked_after_s);
    return chokes;
  };
  EXPECT_EQ(chokes_of(read), chokes_of(heard));
  EXPECT_EQ(read.rhythm.beats, heard.rhythm.beats);
  given.hits->front().time_s = std::nan("");
  EXPECT_THROW(transcribe(kDemo, model_, network_, given), UsageError);
}

TEST_F(Transcribe, HearsTheSameBeatsWhateverHitsAreGiven) {
  TranscribeOptions given;
  given.hits = {{1, Drum::Kick, 90, 0.9}};
  EXPECT_EQ(listen(kDemo, model_, network_, given).activations.beats,
            listen(kDemo, model_, network_, {}).activations.beats);
}

TEST_F(Transcribe, KeepsPeaksOnlyIfAskedTo) {
  TranscribeOptions asking;
  asking.keep_peaks = true;
  const Transcription kept = transcribe(kDemo, model_, network_, asking);
  const Transcription usual = transcribe(kDemo, model_, network_, {});
  EXPECT_GE(kept.peaks[index_of(Drum::Kick)].size(),
            static_cast<std::size_t>(std::ranges::count(kept.onsets, Drum::Kick, &Onset::drum)));
  EXPECT_FALSE(kept.peaks[index_of(Drum::Kick)].empty());
  for (const std::vector<Peak>& peaks : usual.peaks) EXPECT_TRUE(peaks.empty());
  EXPECT_EQ(usual.onsets.size(), kept.onsets.size());
}

TEST_F(Transcribe, WritesTheSameScoreOnEveryInstructionSet) {
  if (!is_supported(InstructionSet::Avx2)) GTEST_SKIP() << "there is one only";
  const std::string baseline = mscx(kDemo, {}, Network(model_, InstructionSet::Baseline));
  for (const InstructionSet set : {InstructionSet::Avx2, InstructionSet::Avx512}) {
    if (!is_supported(set)) continue;
    EXPECT_EQ(mscx(kDemo, {}, Network(model_, set)), baseline) << name(set);
  }
}

}  // namespace
}  // namespace fyr
