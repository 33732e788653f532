// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/job_events.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace fyr::app {
namespace {

using Json = nlohmann::ordered_json;

Json event_of(const char* name, const Job& job) {
  return {{"event", name}, {"input", job.input.string()}};
}

Json outputs_of(const Job& job, const std::vector<Extra>& extras) {
  Json outputs = Json::array();
  for (const Target& target : job.targets) {
    outputs.push_back({{"format", target.format->name}, {"path", target.path.string()}});
  }
  for (const Extra& extra : extras) {
    outputs.push_back({{"format", extra.name}, {"path", extra.path.string()}});
  }
  return outputs;
}

/// Bytes of a file name that are not UTF-8 become U+FFFD.
std::string line(const Json& event) {
  return event.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// Thousandths: more would be noise.
double rounded(double value) { return std::round(1000 * value) / 1000; }

}  // namespace

std::string planned_event(const Job& job, const std::vector<Extra>& extras) {
  Json event = event_of("planned", job);
  event["outputs"] = outputs_of(job, extras);
  return line(event);
}

std::string done_event(const Job& job, const std::vector<Extra>& extras,
                       const Transcription& result, double seconds) {
  Json event = event_of("done", job);
  event["outputs"] = outputs_of(job, extras);
  event["model"] = result.model_id;
  event["duration_s"] = rounded(result.duration_s);
  event["seconds"] = rounded(seconds);
  event["hits"] = result.onsets.size();
  event["bars"] = result.rhythm.bars.size();
  event["tempo_bpm"] =
      result.onsets.empty() ? Json(nullptr) : Json(rounded(result.rhythm.tempo_bpm));
  return line(event);
}

std::string failed_event(const Job& job, const std::string& error) {
  Json event = event_of("failed", job);
  event["error"] = error;
  return line(event);
}

}  // namespace fyr::app
