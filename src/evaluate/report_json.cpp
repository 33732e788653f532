// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "fyr/error.hpp"
#include "fyr/evaluate.hpp"
#include "fyr/version.hpp"
#include "model/json_fields.hpp"
#include "text.hpp"

namespace fyr {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int kFormat = 1;

/// Six decimals: enough to compare, short enough to read, the same on every machine.
OrderedJson rounded(std::optional<double> value) {
  if (!value) return nullptr;
  return std::round(*value * 1e6) / 1e6;
}

OrderedJson json_of(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return OrderedJson::array({rounded(interval->low), rounded(interval->high)});
}

OrderedJson json_of(const Counts& counts) {
  return {{"tp", counts.tp},
          {"fp", counts.fp},
          {"fn", counts.fn},
          {"precision", rounded(counts.precision())},
          {"recall", rounded(counts.recall())},
          {"f", rounded(counts.f())}};
}

OrderedJson json_of(const BeatScore& beats) {
  return {{"f", rounded(beats.f)},
          {"downbeat_f", rounded(beats.downbeat_f)},
          {"cml_t", rounded(beats.cml_t)},
          {"aml_t", rounded(beats.aml_t)}};
}

OrderedJson json_of(const ClassSummary& summary) {
  OrderedJson json = json_of(summary.counts);
  json["f_interval"] = json_of(summary.f_interval);
  json["mean_f"] = rounded(summary.mean_f);
  json["mean_f_interval"] = json_of(summary.mean_f_interval);
  json["median_error_s"] = rounded(summary.median_error_s);
  json["spread_s"] = rounded(summary.spread_s);
  json["velocity_r"] = rounded(summary.velocity_r);
  if (summary.slots) json["slots"] = json_of(*summary.slots);
  return json;
}

OrderedJson json_of(const RecordingScore& recording, const Vocabulary& vocabulary) {
  OrderedJson json = json_of(recording.total());
  OrderedJson drums = OrderedJson::object();
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

OrderedJson confusion_json(const ScoreSheet& sheet, const Vocabulary& vocabulary) {
  const std::size_t n = vocabulary.classes.size();
  OrderedJson rows = OrderedJson::object();
  for (std::size_t row = 0; row < n; ++row) {
    OrderedJson columns = OrderedJson::object();
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

OrderedJson worst_json(const ScoreSheet& sheet, const Vocabulary& vocabulary, int n) {
  OrderedJson list = OrderedJson::array();
  for (const Passage& passage : worst_passages(sheet.recordings, n)) {
    OrderedJson missed = OrderedJson::object();
    OrderedJson extra = OrderedJson::object();
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

OrderedJson json_of(const ScoreSheet& sheet, const ReportOptions& options) {
  const Vocabulary& words = vocabulary(sheet.vocabulary);
  OrderedJson json{{"vocabulary", sheet.vocabulary},
                   {"window_ms", rounded(sheet.window_s * 1000)},
                   {"all", json_of(sheet.summary.all)},
                   {"macro_f", rounded(sheet.summary.macro_f)}};
  for (const ClassSummary& summary : sheet.summary.classes) {
    json["drums"][summary.id] = json_of(summary);
  }
  if (sheet.summary.beats) json["beats"] = json_of(*sheet.summary.beats);
  json["recordings"] = OrderedJson::object();
  for (const RecordingScore& recording : sheet.recordings) {
    json["recordings"][recording.name] = json_of(recording, words);
  }
  if (options.confusion) json["confusion"] = confusion_json(sheet, words);
  if (options.n_worst > 0) json["worst"] = worst_json(sheet, words, options.n_worst);
  return json;
}

/// Hits of a drum in a recording, of which nobody plays as many; sums of them stay inside an int.
int count_of(const OrderedJson& json) {
  constexpr std::uint64_t kMost = 1'000'000;
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > kMost) {
    throw InputError("a count of hits in it makes no sense");
  }
  return json.get<int>();
}

RecordingScore recording_of(const std::string& name, const OrderedJson& json,
                            const Vocabulary& vocabulary) {
  RecordingScore recording;
  recording.name = name;
  for (const std::string& id : vocabulary.classes) {
    const OrderedJson& counts = json.at("drums").at(id);
    if (counts.size() != 3) throw InputError("a drum in it has not three counts of hits");
    recording.classes.emplace_back().counts = {count_of(counts.at(0)), count_of(counts.at(1)),
                                               count_of(counts.at(2))};
  }
  return recording;
}

}  // namespace

std::string to_json(const Report& report, const ReportOptions& options) {
  OrderedJson json{{"format", kFormat},           {"fyr", kVersion},
                   {"source", report.source},     {"model", report.model},
                   {"problems", report.problems}, {"sheets", OrderedJson::array()}};
  for (const ScoreSheet& sheet : report.sheets) json["sheets"].push_back(json_of(sheet, options));
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + '\n';
}

Report read_report(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  try {
    const OrderedJson json = parse_json<OrderedJson>(bytes, "it");
    if (json.at("format") != kFormat) throw InputError("it is of another format version");
    Report report;
    report.source = json.at("source");
    report.model = json.at("model");
    for (const OrderedJson& entry : json.at("sheets")) {
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
  } catch (const OrderedJson::exception&) {
    throw InputError("cannot read report \"" + path.string() +
                     "\": it is not what fyr evaluate --json writes");
  } catch (const Error& error) {
    throw InputError("cannot read report \"" + path.string() + "\": " + error.what() +
                     "; fyr evaluate --json writes it anew");
  }
}

}  // namespace fyr
