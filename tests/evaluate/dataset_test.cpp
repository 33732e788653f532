// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "fyr/error.hpp"
#include "fyr/evaluate.hpp"
#include "support/temporary_folder.hpp"

namespace fyr {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class DatasetTest : public testing::Test {
 protected:
  std::filesystem::path put(const std::filesystem::path& name, const std::string& text = "x") {
    std::filesystem::create_directories((root_ / name).parent_path());
    test::write_bytes(root_ / name, text);
    return root_ / name;
  }

  const test::TemporaryFolder folder_;
  const std::filesystem::path& root_ = folder_.path();
};

TEST_F(DatasetTest, FindsMdbInItsPublishedLayout) {
  put("mdb/annotations/subclass/MusicDelta_Rock_subclass.txt");
  put("mdb/annotations/beats/MusicDelta_Rock_MIX.beats");
  put("mdb/annotations_pp/MusicDelta_Rock.txt");
  put("mdb/audio/drum_only/MusicDelta_Rock_Drum.wav");
  put("mdb/audio/full_mix/MusicDelta_Rock_MIX.flac");
  const Dataset drums = list_dataset("mdb", root_, {});
  ASSERT_THAT(drums.recordings, SizeIs(1));
  EXPECT_EQ(drums.recordings[0].name, "MusicDelta_Rock");
  EXPECT_EQ(drums.recordings[0].beats.filename(), "MusicDelta_Rock_MIX.beats");
  EXPECT_EQ(drums.label_map, "mdb");
  EXPECT_THAT(drums.problems, IsEmpty());
  DatasetOptions options;
  options.part = "full_mix";
  options.annotations = "pp";
  const Dataset mix = list_dataset("mdb", root_ / "mdb", options);
  ASSERT_THAT(mix.recordings, SizeIs(1));
  EXPECT_EQ(mix.recordings[0].audio.extension(), ".flac");
  EXPECT_EQ(mix.label_map, "gm");
}

TEST_F(DatasetTest, AnnotationsComeAsMuchLaterAsTheAudioLags) {
  put("found/song.csv", "0.75,kick\n");
  Dataset dataset;
  DatasetRecording& recording = dataset.recordings.emplace_back();
  recording.name = "song";
  recording.annotation = put("song.txt", "0.5 KD\n");
  recording.beats = put("song.beats", "0.5 1\n");
  recording.offset_s = 0.25;
  const auto pairs = pair_dataset(dataset, root_ / "found");
  ASSERT_THAT(pairs, SizeIs(1));
  ASSERT_THAT(pairs[0].reference.hits, SizeIs(1));
  EXPECT_EQ(pairs[0].reference.hits[0].time_s, 0.75);
  ASSERT_THAT(pairs[0].reference.beats, SizeIs(1));
  EXPECT_EQ(pairs[0].reference.beats[0].time_s, 0.75);
}

TEST_F(DatasetTest, NamesTheFirstFewOfManyBrokenLines) {
  const auto broken = put("broken.txt", "a\nb\nc\nd\ne\nf\ng\nh\n");
  const auto pairs = pair_files(broken, put("good.csv", "0.5,kick\n"));
  ASSERT_THAT(pairs, SizeIs(1));
  ASSERT_THAT(pairs[0].problems, SizeIs(6));
  EXPECT_THAT(pairs[0].problems[5], HasSubstr("and 3 more such lines"));
}

TEST_F(DatasetTest, NamesAudioWithoutAnnotationAndTheReverse) {
  put("annotations/subclass/A_subclass.txt");
  put("annotations/subclass/B_subclass.txt");
  put("audio/drum_only/B_Drum.wav");
  put("audio/drum_only/C_Drum.wav");
  const Dataset dataset = list_dataset("mdb", root_, {});
  EXPECT_THAT(dataset.recordings, SizeIs(1));
  EXPECT_THAT(dataset.problems, ElementsAre(HasSubstr("A_subclass.txt"), HasSubstr("C_Drum.wav")));
  DatasetOptions partial;
  partial.partial = true;
  EXPECT_THAT(list_dataset("mdb", root_, partial).problems, ElementsAre(HasSubstr("C_Drum.wav")));
}

TEST_F(DatasetTest, TakesOnlyTheMixesOfIdmt) {
  put("IDMT-SMT-DRUMS-V2/annotation_xml/RealDrum01_00#MIX.xml");
  put("IDMT-SMT-DRUMS-V2/audio/RealDrum01_00#MIX.wav");
  put("IDMT-SMT-DRUMS-V2/audio/RealDrum01_00#KD#train.wav");
  const Dataset dataset = list_dataset("idmt", root_, {});
  ASSERT_THAT(dataset.recordings, SizeIs(1));
  EXPECT_EQ(dataset.recordings[0].name, "RealDrum01_00");
  EXPECT_THAT(dataset.problems, IsEmpty());
}

TEST_F(DatasetTest, FollowsTheTableOfEgmd) {
  put("e-gmd-v1.0.0/e-gmd-v1.0.0.csv",
      "drummer,duration,split,midi_filename,audio_filename\n"
      "d,10.5,test,d/1_rock.midi,d/1_rock.wav\n"
      "d,9.0,train,d/2_rock.midi,d/2_rock.wav\n"
      "d,9.0,test,d/3_rock.midi,d/3_rock.wav\n"
      "d,9.0\n");
  put("e-gmd-v1.0.0/d/1_rock.midi");
  put("e-gmd-v1.0.0/d/1_rock.flac");
  put("e-gmd-v1.0.0/d/3_rock.midi");
  put("e-gmd-v1.0.0/offsets_ms.json", R"({"1_rock": -7})");
  const Dataset dataset = list_dataset("egmd", root_, {});
  ASSERT_THAT(dataset.recordings, SizeIs(1));
  EXPECT_EQ(dataset.recordings[0].name, "d/1_rock");
  EXPECT_DOUBLE_EQ(dataset.recordings[0].offset_s, -0.007);
  EXPECT_DOUBLE_EQ(dataset.recordings[0].duration_s, 10.5);
  EXPECT_THAT(dataset.problems,
              ElementsAre(HasSubstr("d/3_rock.wav"), HasSubstr("e-gmd-v1.0.0.csv:5: expected 5")));
}

TEST_F(DatasetTest, AnOffsetOfSeveralRecordingsIsNone) {
  put("e-gmd-v1.0.0/e-gmd-v1.0.0.csv",
      "drummer,duration,split,midi_filename,audio_filename\n"
      "d,9.0,test,d/1_rock.midi,d/1_rock.wav\n"
      "e,9.0,test,e/1_rock.midi,e/1_rock.wav\n"
      "f,9.0,train,f/1_rock.midi,f/1_rock.wav\n"
      "d,9.0,test,d/2_rock.midi,d/2_rock.wav\n"
      "e,9.0,train,e/2_rock.midi,e/2_rock.wav\n");
  for (const char* name : {"d/1_rock", "e/1_rock", "d/2_rock"}) {
    put(std::string("e-gmd-v1.0.0/") + name + ".midi");
    put(std::string("e-gmd-v1.0.0/") + name + ".wav");
  }
  put("e-gmd-v1.0.0/offsets_ms.json", R"({"1_rock": -7, "e/1_rock": 5, "2_rock": 9})");
  const Dataset dataset = list_dataset("egmd", root_, {});
  ASSERT_THAT(dataset.recordings, SizeIs(3));
  EXPECT_EQ(dataset.recordings[0].offset_s, 0);
  EXPECT_DOUBLE_EQ(dataset.recordings[1].offset_s, 0.005);
  EXPECT_EQ(dataset.recordings[2].offset_s, 0);
  EXPECT_THAT(dataset.problems,
              ElementsAre(HasSubstr("offsets_ms.json: \"1_rock\" is the name of 3 recordings; "
                                    "write \"d/1_rock\""),
                          HasSubstr("\"2_rock\" is the name of 2 recordings")));
}

TEST_F(DatasetTest, RefusesOffsetsLongerThanAnyRecording) {
  put("e-gmd-v1.0.0/e-gmd-v1.0.0.csv", "drummer,duration,split,midi_filename,audio_filename\n");
  put("e-gmd-v1.0.0/offsets_ms.json", R"({"1_rock": 1e300})");
  EXPECT_THROW(list_dataset("egmd", root_, {}), InputError);
}

TEST_F(DatasetTest, GrooveIsItsBeatsWithoutTheFills) {
  put("groove/info.csv",
      "beat_type,duration,split,midi_filename,audio_filename\n"
      "beat,10.5,test,d/1_rock.mid,\n"
      "fill,2.0,test,d/2_rock.mid,\n");
  put("groove/d/1_rock.mid");
  put("groove/d/2_rock.mid");
  DatasetOptions options;
  options.needs_audio = false;
  const Dataset dataset = list_dataset("groove", root_, options);
  ASSERT_THAT(dataset.recordings, SizeIs(1));
  EXPECT_EQ(dataset.recordings[0].name, "d/1_rock");
  EXPECT_THAT(dataset.problems, IsEmpty());
  EXPECT_THAT(list_dataset("groove", root_, {}).recordings, IsEmpty());
}

TEST_F(DatasetTest, SaysOnceThatGrooveHasNoAudio) {
  put("groove/info.csv",
      "beat_type,duration,split,midi_filename,audio_filename\n"
      "beat,10.5,test,d/1_rock.mid,\n"
      "beat,10.5,test,d/2_rock.mid,d/2_rock.wav\n"
      "beat,10.5,test,d/3_rock.mid,d/3_rock.wav\n");
  for (const char* name : {"1", "2", "3"}) put(std::string("groove/d/") + name + "_rock.mid");
  for (const bool partial : {false, true}) {
    DatasetOptions options;
    options.partial = partial;
    const Dataset silent = list_dataset("groove", root_, options);
    EXPECT_THAT(silent.recordings, IsEmpty());
    EXPECT_THAT(silent.problems, ElementsAre(HasSubstr("--given hits")));
  }
  put("groove/d/2_rock.wav");
  const Dataset dataset = list_dataset("groove", root_, {});
  EXPECT_THAT(dataset.recordings, SizeIs(1));
  EXPECT_THAT(dataset.problems,
              ElementsAre(AllOf(HasSubstr("no audio is named for"), HasSubstr("d/1_rock.mid")),
                          HasSubstr("d/3_rock.wav")));
}

TEST_F(DatasetTest, FindsEstimatesInFolders) {
  Dataset dataset;
  dataset.recordings = {{"d/1_rock", root_ / "d/1_rock.wav", put("d/1_rock.txt", "0.5 KD\n"), {}},
                        {"e/1_rock", root_ / "e/1_rock.wav", put("e/1_rock.txt", "0.5 SD\n"), {}},
                        {"2_rock", root_ / "2_rock#MIX.wav", put("2_rock.txt", "0.5 KD\n"), {}},
                        {"d/3_rock", root_ / "d/3_rock.wav", put("d/3_rock.txt", "0.5 KD\n"), {}}};
  put("found/d/1_rock.csv", "time_s,drum,velocity,confidence\n0.5,kick,90,1\n");
  put("found/e/1_rock.csv", "time_s,drum,velocity,confidence\n0.5,snare,90,1\n");
  put("found/2_rock#MIX.csv", "time_s,drum,velocity,confidence\n");
  const auto pairs = pair_dataset(dataset, root_ / "found");
  ASSERT_THAT(pairs, SizeIs(4));
  ASSERT_THAT(pairs[0].estimate.hits, SizeIs(1));
  EXPECT_EQ(pairs[0].estimate.hits[0].label, "kick");
  ASSERT_THAT(pairs[1].estimate.hits, SizeIs(1));
  EXPECT_EQ(pairs[1].estimate.hits[0].label, "snare");
  EXPECT_THAT(pairs[2].problems, IsEmpty());
  EXPECT_THAT(pairs[3].problems, ElementsAre(HasSubstr("no estimate for recording \"d/3_rock\"")));
}

TEST_F(DatasetTest, WhatAPartialDataSetLacksIsNotMissed) {
  Dataset dataset;
  dataset.recordings = {{"a", {}, put("a.txt", "0.5 KD\n"), {}},
                        {"b", root_ / "b.wav", put("b.txt", "0.5 SD\n"), {}},
                        {"c", {}, put("c.txt", "0.5 KD\n"), {}}};
  put("found/a.csv", "time_s,drum\n0.5,kick\n");
  EXPECT_THAT(pair_dataset(dataset, root_ / "found"), SizeIs(3));
  const auto pairs = pair_dataset(dataset, root_ / "found", true);
  ASSERT_THAT(pairs, SizeIs(2));
  EXPECT_THAT(pairs[0].problems, IsEmpty());
  EXPECT_THAT(pairs[1].problems, ElementsAre(HasSubstr("no estimate for recording \"b\"")));
}

TEST_F(DatasetTest, GivenHitsAreAllWrittenDown) {
  std::string hits;
  for (int beat = 0; beat < 32; ++beat) {
    hits += std::to_string(1 + 0.5 * beat) + (beat % 2 == 0 ? " KD\n" : " SD\n");
  }
  put("annotations/subclass/A_subclass.txt", hits);
  put("audio/drum_only/A_Drum.wav");
  const auto pairs = write_down_dataset(list_dataset("mdb", root_, {}), Given::Hits, {}, {});
  ASSERT_THAT(pairs, SizeIs(1));
  EXPECT_THAT(pairs[0].problems, IsEmpty());
  EXPECT_THAT(pairs[0].estimate.hits, SizeIs(32));
  EXPECT_THAT(pairs[0].estimate.written, SizeIs(32));
  EXPECT_NEAR(pairs[0].estimate.beats[1].time_s - pairs[0].estimate.beats[0].time_s, 0.5, 0.01);
}

TEST_F(DatasetTest, GivenHitsOfDaysAreAMistake) {
  put("annotations/subclass/A_subclass.txt", "1 KD\n100000 SD\n");
  put("audio/drum_only/A_Drum.wav");
  const auto pairs = write_down_dataset(list_dataset("mdb", root_, {}), Given::Hits, {}, {});
  EXPECT_THAT(pairs.at(0).problems, ElementsAre(HasSubstr("it lasts more than 6 hours")));
}

TEST_F(DatasetTest, GivenHitsAreReadWithTheMapThatIsNamed) {
  put("annotations/subclass/A_subclass.txt", "1 36\n2 99\n");
  put("audio/drum_only/A_Drum.wav");
  const Dataset dataset = list_dataset("mdb", root_, {});
  EvaluateOptions options;
  options.reference_map = "gm";
  const auto strict = write_down_dataset(dataset, Given::Hits, {}, options);
  EXPECT_THAT(strict[0].problems, ElementsAre(HasSubstr("label \"99\" is not in map gm")));
  options.ignore_unknown = true;
  const auto lenient = write_down_dataset(dataset, Given::Hits, {}, options);
  EXPECT_THAT(lenient[0].problems, IsEmpty());
  EXPECT_THAT(lenient[0].estimate.hits, SizeIs(1));
}

TEST_F(DatasetTest, GivenHitsAreReadForBeats) {
  std::string hits;
  for (int eighth = 0; eighth < 64; ++eighth) hits += std::to_string(1 + 0.25 * eighth) + " CHH\n";
  put("annotations/subclass/A_subclass.txt", hits);
  put("audio/drum_only/A_Drum.wav");
  const auto first_downbeat_of = [&](double downbeat_s) {
    const HitsReader reader = [&](const std::vector<Onset>& read, double duration_s) {
      EXPECT_THAT(read, SizeIs(64));
      Activations beats;
      beats.hop_s = 0.01;
      beats.beats = Matrix::Constant(static_cast<Eigen::Index>(100 * duration_s) + 1, 2, 0.01F);
      for (int beat = 0; beat < 32; ++beat) {
        const auto row = static_cast<Eigen::Index>(std::lround(100 * (downbeat_s + 0.5 * beat)));
        if (row >= beats.beats.rows()) break;
        beats.beats.row(row) << 0.9F, beat % 4 == 0 ? 0.9F : 0.01F;
      }
      return beats;
    };
    const auto pairs = write_down_dataset(list_dataset("mdb", root_, {}), Given::Hits, reader, {});
    EXPECT_THAT(pairs[0].problems, IsEmpty());
    const auto& beats = pairs[0].estimate.beats;
    const auto first =
        std::ranges::find_if(beats, [](const Beat& beat) { return beat.number == 1; });
    return first == beats.end() ? -1 : std::fmod(first->time_s, 2);
  };
  EXPECT_NEAR(first_downbeat_of(1.0), 1.0, 0.05);
  EXPECT_NEAR(first_downbeat_of(1.5), 1.5, 0.05);
}

TEST_F(DatasetTest, RefusesWhatIsNotThere) {
  put("something.txt");
  EXPECT_THROW(list_dataset("mdb", root_, {}), InputError);
  EXPECT_THROW(list_dataset("enst", root_, {}), UsageError);
  put("annotations/subclass/A_subclass.txt");
  DatasetOptions options;
  options.part = "nonsense";
  EXPECT_THROW(list_dataset("mdb", root_, options), UsageError);
}

TEST_F(DatasetTest, WhatFailsBecomesAProblemAndTheRestGoesOn) {
  put("annotations/subclass/A_subclass.txt", "0.5 KD\n");
  put("annotations/subclass/B_subclass.txt", "0.5 KD\nhalf SD\n");
  put("annotations/subclass/C_subclass.txt", "0.5 KD\n9.5 KD\n");
  put("annotations/subclass/D_subclass.txt", "0.5 KD\n");
  put("annotations/subclass/E_subclass.txt", "");
  put("annotations/subclass/._E_subclass.txt", "what a Mac left");
  for (const char* name : {"A", "B", "C", "D", "E"})
    put(std::string("audio/drum_only/") + name + "_Drum.wav");
  const Listener listener = [](const std::filesystem::path& audio) {
    if (audio.stem() == "D_Drum") throw InputError("D_Drum.wav is torn");
    Annotation heard = to_annotation({{0.51, Drum::Kick, 90, 0.9}});
    heard.duration_s = 5;
    return heard;
  };
  int n_done = 0;
  const auto pairs =
      transcribe_dataset(list_dataset("mdb", root_, {}), listener, 3, [&](int n) { n_done = n; });
  EXPECT_EQ(n_done, 5);
  EvaluateOptions options;
  options.reference_map = "mdb";
  options.estimate_map = "fyr";
  const Report report = evaluate(pairs, options);
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("B_subclass.txt:2"), HasSubstr("lasts 5 s"),
                                           HasSubstr("D_Drum.wav is torn"),
                                           HasSubstr("E_subclass.txt\" holds no hits")));
  ASSERT_THAT(report.sheets[0].recordings, SizeIs(1));
  EXPECT_EQ(report.sheets[0].summary.all.counts, (Counts{1, 0, 0}));
}

TEST_F(DatasetTest, WhatIsThrownInAWorkerReachesTheCaller) {
  for (const char* name : {"A", "B", "C", "D"}) {
    put(std::string("annotations/subclass/") + name + "_subclass.txt", "0.5 KD\n");
    put(std::string("audio/drum_only/") + name + "_Drum.wav");
  }
  const Listener listener = [](const std::filesystem::path&) { return Annotation{}; };
  for (const int n_jobs : {1, 3}) {
    EXPECT_THROW(transcribe_dataset(list_dataset("mdb", root_, {}), listener, n_jobs,
                                    [](int) { throw OutputError("no room for the progress"); }),
                 OutputError);
  }
}

TEST_F(DatasetTest, PairsFoldersByStem) {
  put("truth/a.txt", "0.5 KD\n");
  put("truth/b.txt", "0.5 KD\n");
  put("heard/a.csv", "time_s,drum\n0.5,kick\n");
  put("heard/c.csv", "time_s,drum\n0.5,kick\n");
  put("heard/a.tab.txt", "a tab");
  put("heard/._a.csv", "what a Mac left");
  const Report report = evaluate(pair_files(root_ / "truth", root_ / "heard"), {});
  EXPECT_THAT(report.problems,
              ElementsAre(HasSubstr("no estimate for"), HasSubstr("no reference for")));
  EXPECT_EQ(report.sheets[0].summary.all.counts, (Counts{1, 0, 0}));
  EXPECT_THROW(pair_files(root_ / "truth", root_ / "heard" / "a.csv"), UsageError);
  EXPECT_THROW(pair_files(root_ / "nowhere", root_ / "heard"), InputError);
}

// --- Reports and baselines ---

/// `n_right` of 20 kicks found in each of six recordings.
Report report_with(int n_right) {
  Report report;
  report.source = "made up";
  ScoreSheet sheet{"3", 0.05, {}, {}};
  for (int i = 0; i < 6; ++i) {
    std::vector<Hit> truth, heard;
    for (int k = 0; k < 20; ++k) {
      truth.push_back({k * 0.5, 0, 0});
      if (k < n_right - i % 2) heard.push_back({k * 0.5, 0, 0});
    }
    sheet.recordings.push_back(
        score_recording("r" + std::to_string(i), truth, heard, vocabulary("3"), 0.05));
  }
  sheet.summary = summarise(sheet.recordings, vocabulary("3"));
  report.sheets.push_back(sheet);
  return report;
}

TEST_F(DatasetTest, ReportsSurviveTheirJson) {
  put("report.json", to_json(report_with(15), {true, 3}));
  const Report read = read_report(root_ / "report.json");
  const Comparison comparison = compare(read, report_with(15));
  EXPECT_THAT(comparison.problems, IsEmpty());
  EXPECT_EQ(comparison.sheets[0].n_recordings, 6);
  EXPECT_EQ(comparison.sheets[0].changes[0].difference(), 0);
  EXPECT_FALSE(comparison.is_regression(0));
}

TEST_F(DatasetTest, AReportThatIsNotOneIsRefused) {
  const auto complaint = [&](const std::string& text) -> std::string {
    put("report.json", text);
    try {
      read_report(root_ / "report.json");
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(complaint(R"({"format":1)"), HasSubstr("it is not JSON; fyr evaluate --json"));
  EXPECT_THAT(complaint(R"({"format":1})"), HasSubstr("it is not what fyr evaluate --json writes"));
  EXPECT_THAT(complaint(R"({"format":2})"), HasSubstr("of another format version"));
  EXPECT_THAT(complaint(R"({"sheets":[{"recordings":{"a":{},"a":{}}}]})"),
              HasSubstr("it has \"a\" twice"));
  const auto with_counts = [&](const std::string& counts) {
    return complaint(
        R"({"format":1,"source":"","model":"","sheets":[{"vocabulary":"3","window_ms":50,)"
        R"("recordings":{"a":{"drums":{"KD":)" +
        counts + R"(,"SD":[0,0,0],"HH":[0,0,0]}}}}]})");
  };
  EXPECT_EQ(with_counts("[1,2,3]"), "");
  EXPECT_THAT(with_counts("[1,2]"), HasSubstr("has not three counts"));
  for (const char* counts : {"[-1,0,0]", "[0,1.5,0]", "[0,0,2000000]", "[true,0,0]"}) {
    EXPECT_THAT(with_counts(counts), HasSubstr("a count of hits in it makes no sense")) << counts;
  }
}

TEST(Compare, CatchesAFallAndLetsAnImprovementPass) {
  const Comparison fall = compare(report_with(15), report_with(12));
  EXPECT_TRUE(fall.is_regression(0.01));
  EXPECT_FALSE(fall.is_regression(0.5));
  EXPECT_TRUE(fall.sheets[0].changes[0].beyond_chance());
  EXPECT_FALSE(compare(report_with(15), report_with(19)).is_regression(0));
}

TEST(Compare, ABaselineWithoutScoresIsNone) {
  Report nothing = report_with(15);
  nothing.sheets[0].recordings.clear();
  EXPECT_THAT(compare(nothing, report_with(15)).problems, ElementsAre(HasSubstr("no scores")));
  nothing.sheets.clear();
  EXPECT_THAT(compare(nothing, report_with(15)).problems, ElementsAre(HasSubstr("no scores")));
}

TEST(Compare, NamesWhatTheNewReportLacks) {
  Report now = report_with(15);
  now.sheets[0].recordings.pop_back();
  EXPECT_THAT(compare(report_with(15), now).problems,
              ElementsAre(HasSubstr("\"r5\" was not scored")));
  now.sheets[0].vocabulary = "5";
  EXPECT_THAT(compare(report_with(15), now).problems, ElementsAre(HasSubstr("vocabulary 3")));
}

}  // namespace
}  // namespace fyr
