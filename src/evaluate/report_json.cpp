// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>

#include "fyr/error.hpp"
#include "fyr/evaluate.hpp"
#include "fyr/version.hpp"
#include "text.hpp"

namespace fyr {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

/// Six decimals: enough to compare, short enough to read, the same on every machine.
Json rounded(std::optional<double> value) {
  if (!value) return nullptr;
  return std::round(*value * 1e6) / 1e6;
}

Json json_of(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return Json::array({rounded(interval->low), rounded(interval->high)});
}

Json json_of(const Counts& counts) {
  return {{"tp", counts.tp},
          {"fp", counts.fp},
          {"fn", counts.fn},
          {"precision", rounded(counts.precision())},
          {"recall", rounded(counts.recall())},
          {"f", rounded(counts.f())}};
}

Json json_of(const BeatScore& beats) {
  return {{"f", rounded(beats.f)},
          {"downbeat_f", rounded(beats.downbeat_f)},
          {"cml_t", rounded(beats.cml_t)},
          {"aml_t", rounded(beats.aml_t)}};
}

Json json_of(const ClassSummary& summary) {
  Json json = json_of(summary.counts);
  json["f_interval"] = json_of(summary.f_interval);
  json["mean_f"] = rounded(summary.mean_f);
  json["mean_f_interval"] = json_of(summary.mean_f_interval);
  json["median_error_s"] = rounded(summary.median_error_s);
  json["spread_s"] = rounded(summary.spread_s);
  json["velocity_r"] = rounded(summary.velocity_r);
  if (summary.slots) json["slots"] = json_of(*summary.slots);
  return json;
}

Json json_of(const RecordingScore& recording, const Vocabulary& vocabulary) {
  Json json = json_of(recording.total());
  Json drums = Json::object();
  for (std::size_t i = 0; i < recording.classes.size(); ++i) {
    const Counts& counts = recording.classes[i].counts;
    drums[vocabulary.classes[i]] = {counts.tp, counts.fp, counts.fn};
  }
  json["drums"] = drums;
  if (recording.slots) {
    Counts sum;
    for (const Counts& counts : *recording.slots) sum += counts;
    json["slots"] = json_of(sum);
  }
  if (recording.beats) json["beats"] = json_of(*recording.beats);
  return json;
}

Json confusion_json(const ScoreSheet& sheet, const Vocabulary& vocabulary) {
  const std::size_t n = vocabulary.classes.size();
  Json rows = Json::object();
  for (std::size_t row = 0; row < n; ++row) {
    Json columns = Json::object();
    for (std::size_t column = 0; column < n; ++column) {
      int sum = 0;
      for (const auto& recording : sheet.recordings) {
        const bool known = !recording.confusion.empty();  // A report that was read has none.
        if (known) sum += recording.confusion[row * n + column];
      }
      columns[vocabulary.classes[column]] = sum;
    }
    rows[vocabulary.classes[row]] = columns;
  }
  return rows;
}

Json worst_json(const ScoreSheet& sheet, const Vocabulary& vocabulary, int n) {
  Json list = Json::array();
  for (const Passage& passage : worst_passages(sheet.recordings, n)) {
    Json missed = Json::object();
    Json extra = Json::object();
    for (std::size_t i = 0; i < vocabulary.classes.size(); ++i) {
      if (passage.missed[i] > 0) missed[vocabulary.classes[i]] = passage.missed[i];
      if (passage.extra[i] > 0) extra[vocabulary.classes[i]] = passage.extra[i];
    }
    list.push_back({{"recording", passage.recording},
                    {"start_s", passage.start_s},
                    {"end_s", passage.end_s},
                    {"missed", missed},
                    {"extra", extra}});
  }
  return list;
}

Json json_of(const ScoreSheet& sheet, const ReportOptions& options) {
  const Vocabulary& words = vocabulary(sheet.vocabulary);
  Json json{{"vocabulary", sheet.vocabulary},
            {"window_ms", rounded(sheet.window_s * 1000)},
            {"all", json_of(sheet.summary.all)},
            {"macro_f", rounded(sheet.summary.macro_f)}};
  for (const ClassSummary& summary : sheet.summary.classes) {
    json["drums"][summary.id] = json_of(summary);
  }
  if (sheet.summary.beats) json["beats"] = json_of(*sheet.summary.beats);
  json["recordings"] = Json::object();
  for (const RecordingScore& recording : sheet.recordings) {
    json["recordings"][recording.name] = json_of(recording, words);
  }
  if (options.confusion) json["confusion"] = confusion_json(sheet, words);
  if (options.n_worst > 0) json["worst"] = worst_json(sheet, words, options.n_worst);
  return json;
}

RecordingScore recording_of(const std::string& name, const Json& json,
                            const Vocabulary& vocabulary) {
  RecordingScore recording;
  recording.name = name;
  for (const std::string& id : vocabulary.classes) {
    const Json& counts = json.at("drums").at(id);
    recording.classes.emplace_back().counts = {counts.at(0), counts.at(1), counts.at(2)};
  }
  return recording;
}

}  // namespace

std::string to_json(const Report& report, const ReportOptions& options) {
  Json json{{"format", kFormat},           {"fyr", kVersion},
            {"source", report.source},     {"model", report.model},
            {"problems", report.problems}, {"sheets", Json::array()}};
  for (const ScoreSheet& sheet : report.sheets) json["sheets"].push_back(json_of(sheet, options));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Report read_report(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  try {
    check_nesting(bytes);
    const Json json = Json::parse(bytes);
    if (json.at("format") != kFormat) throw InputError("it is of another format version");
    Report report;
    report.source = json.at("source");
    report.model = json.at("model");
    for (const Json& entry : json.at("sheets")) {
      ScoreSheet sheet;
      sheet.vocabulary = entry.at("vocabulary");
      sheet.window_s = entry.at("window_ms").get<double>() / 1000;
      const Vocabulary& words = vocabulary(sheet.vocabulary);
      for (const auto& [name, recording] : entry.at("recordings").items()) {
        sheet.recordings.push_back(recording_of(name, recording, words));
      }
      report.sheets.push_back(std::move(sheet));
    }
    return report;
  } catch (const Json::exception&) {
    throw InputError("cannot read report \"" + path.string() +
                     "\": it is not what fyr evaluate --json writes, or cut off");
  } catch (const Error& error) {
    throw InputError("cannot read report \"" + path.string() + "\": " + error.what());
  }
}

}  // namespace fyr
