// SPDX-License-Identifier: GPL-3.0-or-later

// The shipped model on real recordings, against the figures it had when it was shipped.
// The recordings are not ours to carry: FYR_DATA names the folder that holds them. A changed model
// or decoder changes the baselines in the same commit: scripts/update_baselines.sh.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "fyr/evaluate.hpp"
#include "fyr/transcribe.hpp"

namespace fyr {
namespace {

constexpr double kTolerance = 0.005;
constexpr double kLeastBeatF = 0.99;  ///< And of downbeats, where beats are annotated.

struct Case {
  const char* name;  ///< Of the baseline.
  const char* dataset;
  const char* part;
  std::vector<std::string> vocabularies;
};

/// Also names the tests.
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

class OnRecordings : public testing::Test {
 protected:
  /// Says why nothing can be measured here; empty if it can.
  static std::string missing() {
    const char* data = std::getenv("FYR_DATA");
    if (!data || !*data) return "FYR_DATA is not set: NOTHING WAS MEASURED on real recordings";
    if (!std::filesystem::exists(data)) {
      return std::string("FYR_DATA=") + data + " does not exist: NOTHING WAS MEASURED";
    }
    if (!std::filesystem::exists(model_path())) {
      return model_path().string() + " does not exist: NOTHING WAS MEASURED";
    }
    return "";
  }

  static std::filesystem::path model_path() {
    return std::filesystem::path(FYR_SOURCE_DIR) / "models" / "drums.safetensors";
  }

  static Report measure(const Case& c, const Model& model,
                        const PerDrum<PeakPicking>& peak_picking) {
    DatasetOptions layout;
    layout.part = c.part;
    layout.partial = true;
    const Dataset dataset = list_dataset(c.dataset, std::getenv("FYR_DATA"), layout);
    TranscribeOptions options;
    options.peak_picking = peak_picking;
    const int n_jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    EvaluateOptions scoring;
    scoring.vocabularies = c.vocabularies;
    scoring.windows_s = {0.05, 0.02};
    scoring.reference_map = dataset.label_map;
    scoring.estimate_map = "fyr";
    scoring.beats = std::string_view(c.dataset) == "mdb";  // Whose beats are annotated.
    Report report = evaluate(
        transcribe_dataset(dataset, listen_with(model, Network(model), options, scoring.beats),
                           n_jobs, [](int) {}),
        scoring);
    report.model = model.id;
    return report;
  }

  static Report baseline(const Case& c) {
    return read_report(std::filesystem::path(FYR_SOURCE_DIR) / "tests" / "regression" /
                       (std::string(c.name) + ".json"));
  }
};

class Regression : public OnRecordings, public testing::WithParamInterface<Case> {};

TEST_P(Regression, SumFDoesNotFallBelowTheBaseline) {
  if (const std::string why = missing(); !why.empty()) {
    std::cerr << "\n*** SKIPPED: " << why << " ***\n\n";
    GTEST_SKIP() << why;
  }
  const Model model = load_model(model_path());
  const Report before = baseline(GetParam());
  EXPECT_EQ(before.model, model.id) << "the baseline is another model's; run "
                                       "scripts/update_baselines.sh and say why in the commit";
  const Report now = measure(GetParam(), model, model.peak_picking);
  EXPECT_THAT(now.problems, testing::IsEmpty());
  const Comparison comparison = compare(before, now);
  EXPECT_THAT(comparison.problems, testing::IsEmpty());
  for (const SheetComparison& sheet : comparison.sheets) {
    const Change& all = sheet.changes.front();
    EXPECT_GE(all.difference(), -kTolerance)
        << "vocabulary " << sheet.vocabulary << ", window " << sheet.window_s
        << " s: sum-F fell from " << all.before_f << " to " << all.after_f;
  }
  for (const auto& sheet : now.sheets) {
    if (!sheet.summary.beats) continue;
    EXPECT_GE(sheet.summary.beats->f, kLeastBeatF);
    EXPECT_GE(sheet.summary.beats->downbeat_f, kLeastBeatF);
  }
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{{"mdb_drum_only", "mdb", "drum_only", {"3", "5", "13"}},
                                     {"mdb_full_mix", "mdb", "full_mix", {"3", "5", "13"}},
                                     {"mdb_approx_mix", "mdb", "approx_mix", {"3", "5", "13"}},
                                     {"idmt", "idmt", "", {"3"}},
                                     {"egmd", "egmd", "", {"3", "5", "13"}}};
  return all;
}

INSTANTIATE_TEST_SUITE_P(Recordings, Regression, testing::ValuesIn(cases()),
                         testing::PrintToStringParamName());

// Where a model fires too often, doubled thresholds help a set; they cannot help all of them.
TEST_F(OnRecordings, DoubledThresholdsAreCaught) {
  if (const std::string why = missing(); !why.empty()) GTEST_SKIP() << why;
  const Model model = load_model(model_path());
  auto doubled = model.peak_picking;
  for (PeakPicking& settings : doubled) settings.threshold *= 2;
  const bool caught = std::any_of(cases().begin(), cases().end(), [&](const Case& c) {
    return compare(baseline(c), measure(c, model, doubled)).is_regression(kTolerance);
  });
  EXPECT_TRUE(caught);
}

}  // namespace
}  // namespace fyr
