// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "evaluate/pairs.hpp"
#include "fyr/evaluate.hpp"
#include "fyr/network.hpp"
#include "fyr/transcribe.hpp"
#include "number.hpp"

namespace fyr {
namespace {

constexpr double kMaxDisagreement_s = 1;

/// The annotation may end long before the recording does, never long after it.
void check_duration(const DatasetRecording& recording, double audio_s, EvaluationPair& pair) {
  const bool from_table = recording.duration_s > 0;
  const double expected_s = from_table ? recording.duration_s : pair.reference.duration_s;
  const bool agrees = from_table ? std::abs(expected_s - audio_s) <= kMaxDisagreement_s
                                 : expected_s <= audio_s + kMaxDisagreement_s;
  if (agrees) return;
  pair.problems.push_back(
      "\"" + recording.audio.string() + "\" lasts " + to_text(audio_s) + " s, but " +
      (from_table ? "the data set's table says " : "its annotation goes on to ") +
      to_text(expected_s) + " s");
}

EvaluationPair listen(const DatasetRecording& recording, const Listener& listener) {
  EvaluationPair pair;
  read_reference(recording, pair);
  if (!pair.problems.empty()) return pair;
  try {
    pair.estimate = listener(recording.audio);
    check_duration(recording, pair.estimate.duration_s, pair);
  } catch (const std::exception& error) {
    pair.problems.push_back(problem_of(pair, error));
  }
  return pair;
}

}  // namespace

Listener listen_with(const Model& model, Network network, const TranscribeOptions& options,
                     bool with_rhythm) {
  return [model, options, network = std::move(network),
          with_rhythm](const std::filesystem::path& path) {
    const Transcription heard = transcribe(path, model, network, options);
    Annotation annotation =
        with_rhythm ? to_annotation(heard.onsets, heard.rhythm) : to_annotation(heard.onsets);
    annotation.duration_s = heard.duration_s;
    return annotation;
  };
}

std::vector<EvaluationPair> transcribe_dataset(const Dataset& dataset, const Listener& listener,
                                               int n_jobs,
                                               const std::function<void(int)>& on_done) {
  std::vector<EvaluationPair> pairs(dataset.recordings.size());
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  int n_done = 0;
  std::exception_ptr failure;  // The first; one that left a thread would end the program.
  const auto work = [&] {
    for (std::size_t i = next++; i < pairs.size(); i = next++) {
      try {
        pairs[i] = listen(dataset.recordings[i], listener);
        const std::lock_guard lock(mutex);
        on_done(++n_done);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = pairs.size();
      }
    }
  };
  std::vector<std::jthread> workers;
  try {
    for (int i = 1; i < n_jobs; ++i) workers.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads are to be had: those there are do all the recordings.
  }
  work();
  workers.clear();
  if (failure) std::rethrow_exception(failure);
  return pairs;
}

}  // namespace fyr
