// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/report_page.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

#include "fyr/encode_sound.hpp"
#include "fyr/kit.hpp"
#include "fyr/onsets.hpp"
#include "number.hpp"
#include "onsets/midi_velocity.hpp"
#include "report/base64.hpp"
#include "report/carried_page.hpp"
#include "report/pictures.hpp"
#include "report/svg.hpp"
#include "rhythm/fraction_text.hpp"
#include "score/bar_numbers.hpp"
#include "writers/clean_text.hpp"

namespace fyr {
namespace {

using Json = nlohmann::json;

constexpr int kKitRateHz = 44100;

/// A colour of page.css.
const char* colour_of(Drum drum) {
  switch (drum) {
    case Drum::Kick:
      return "kick";
    case Drum::Snare:
    case Drum::SideStick:
      return "snare";
    case Drum::ClosedHiHat:
    case Drum::PedalHiHat:
    case Drum::OpenHiHat:
      return "hihat";
    case Drum::HighTom:
    case Drum::MidTom:
    case Drum::FloorTom:
      return "tom";
    case Drum::Ride:
    case Drum::RideBell:
    case Drum::Crash:
      return "cymbal";
    case Drum::Percussion:
      break;
  }
  return "other";
}

/// The first drum of its instrument stands for it.
std::size_t instrument_of(Drum drum) {
  const auto first = std::find_if(kDrums.begin(), kDrums.end(), [&](const DrumInfo& other) {
    return same_instrument(other.drum, drum);
  });
  return index_of(first->drum);
}

/// The other drums that stand so to the drum: what picking.js knows beside the instrument.
std::vector<std::size_t> others_of(Drum drum, bool (*stand_so)(Drum, Drum)) {
  std::vector<std::size_t> others;
  for (const DrumInfo& other : kDrums) {
    if (other.drum != drum && stand_so(other.drum, drum)) others.push_back(index_of(other.drum));
  }
  return others;
}

Json drums_json(const ReportPage& page) {
  Json drums = Json::array();
  for (const Drum drum : page.analysis.activations.drums) {
    const PeakPicking& picking = page.peak_picking[index_of(drum)];
    drums.push_back({{"id", info(drum).id},
                     {"name", info(drum).name},
                     {"order", index_of(drum)},
                     {"instrument", instrument_of(drum)},
                     {"one_stroke_with", others_of(drum, is_one_stroke)},
                     {"takes_time_to", others_of(drum, takes_time_between)},
                     {"takes_a_hand", takes_a_hand(drum)},
                     {"is_cymbal", is_cymbal(drum)},
                     {"again_s", least_again_s(drum)},
                     {"colour", colour_of(drum)},
                     {"picking",
                      {{"threshold", picking.threshold},
                       {"presence", picking.presence},
                       {"alone_s", picking.alone_s},
                       {"pooled", picking.pooled},
                       {"gap_s", picking.gap_s}}}});
  }
  return drums;
}

/// Drum after drum, so that the page can take a drum's curve as it lies.
std::string curve_bytes(const Matrix& activations) {
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor> columns = activations;
  std::string bytes(static_cast<std::size_t>(columns.size()) * sizeof(float), '\0');
  std::memcpy(bytes.data(), columns.data(), bytes.size());
  return bytes;
}

/// Where hits may be: [time_s, confidence, MIDI velocity], by drum as the activations.
Json peaks_json(const Peaks& peaks, const std::vector<Drum>& drums) {
  Json json = Json::array();
  for (const Drum drum : drums) {
    Json of_drum = Json::array();
    for (const Peak& peak : peaks[index_of(drum)]) {
      of_drum.push_back({peak.time_s, peak.confidence, midi_velocity(peak.velocity)});
    }
    json.push_back(std::move(of_drum));
  }
  return json;
}

/// When the score's measure of the first bar begins: where a pickup is written as a whole bar,
/// earlier than the bar.
double first_bar_s(const Score& score, const Bar& bar) {
  if (bar.length <= 0) return bar.start_s;
  const double ticks_before = score.measures[score.n_silent].length - bar.length;
  return bar.start_s - ticks_before * (bar.end_s - bar.start_s) / bar.length;
}

/// When each of the score's measures sounds, and what it is called.
Json bars_json(const Transcription& transcription) {
  const std::vector<Measure>& measures = transcription.score.measures;
  const std::size_t n_silent = transcription.score.n_silent;
  const std::vector<Bar>& bars = transcription.rhythm.bars;
  const double first_s = first_bar_s(transcription.score, bars.front());
  const double silent_s = first_s / static_cast<double>(std::max<std::size_t>(1, n_silent));
  Json json = Json::array();
  const std::vector<int> numbers = bar_numbers(transcription.score);
  for (std::size_t i = 0; i < measures.size(); ++i) {
    const bool silent = i < n_silent;
    const double start_s = silent          ? static_cast<double>(i) * silent_s
                           : i == n_silent ? first_s
                                           : bars[i - n_silent].start_s;
    json.push_back({{"start_s", start_s},
                    {"end_s", silent ? start_s + silent_s : bars[i - n_silent].end_s},
                    {"label", measures[i].numbered ? std::to_string(numbers[i]) : ""}});
  }
  return json;
}

Json beats_json(const Rhythm& rhythm) {
  Json beats = Json::array();
  for (const Beat& beat : rhythm.beats) {
    beats.push_back({{"time_s", beat.time_s}, {"number", beat.number}});
  }
  return beats;
}

Json kit_json(const std::vector<Drum>& drums) {
  Json kit = Json::object();
  for (const Drum drum : drums) {
    kit[std::string(info(drum).id)] =
        base64(encode_sound(drum_sample(drum, kKitRateHz), 1, kKitRateHz, SoundFormat::Flac));
  }
  return kit;
}

std::string about(const ReportPage& page) {
  const Transcription& heard = page.transcription;
  const int seconds = static_cast<int>(std::lround(heard.duration_s));
  const std::string rest = std::to_string(seconds % 60);
  const Meter meter = counted_meter(played_bars(heard.rhythm));
  return page.analysis.recording + ", " + std::to_string(seconds / 60) + ":" +
         (rest.size() < 2 ? "0" : "") + rest + " · " + counted(heard.onsets.size(), "hit") + ", " +
         counted(heard.rhythm.bars.size(), "bar") + " in " + fraction_text(meter) + " at " +
         std::to_string(std::lround(heard.rhythm.tempo_bpm)) + " BPM · fyr " + page.version +
         ", model " + page.analysis.model_id;
}

std::string data_text(const ReportPage& page) {
  const Activations& activations = page.analysis.activations;
  const SpectrogramImage image = spectrogram_image(page.audio);
  const Json data = {{"title", page.title},
                     {"about", about(page)},
                     {"recording", page.recording},
                     {"stem", std::filesystem::path(page.analysis.recording).stem().string()},
                     {"duration_s", page.analysis.duration_s},
                     {"hop_s", activations.hop_s},
                     {"time_offset_s", page.analysis.time_offset_s},
                     {"n_frames", activations.onsets.rows()},
                     {"drums", drums_json(page)},
                     {"hits_given", page.hits_given},
                     {"onsets", base64(curve_bytes(activations.onsets))},
                     {"peaks", peaks_json(page.transcription.peaks, activations.drums)},
                     {"waveform", base64(waveform_bytes(page.audio, activations.hop_s))},
                     {"spectrogram",
                      {{"n_bands", image.n_bands},
                       {"n_frames", image.n_frames},
                       {"hop_s", image.hop_s},
                       {"values", base64(image.values)}}},
                     {"options", page.options},
                     {"bars", bars_json(page.transcription)},
                     {"beats", beats_json(page.transcription.rhythm)},
                     {"kit", kit_json(activations.drums)},
                     {"audio",
                      {{"type", "audio/mpeg"},
                       {"bytes", base64(encode_sound(page.audio.samples, 1, page.audio.rate_hz,
                                                     SoundFormat::Mp3))}}}};
  std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  // "</script>" in a title must not end the script, nor "<!--<script>" hide its end.
  constexpr std::string_view kEscaped = "\\u003c";
  for (std::size_t i = text.find('<'); i != text.npos; i = text.find('<', i + 1)) {
    text.replace(i, 1, kEscaped);
  }
  return text;
}

/// Per cent of the bar's time and x, one after the other.
std::string places_text(const std::vector<EngravedMoment>& places) {
  std::string text;
  for (const EngravedMoment& place : places) {
    text += (text.empty() ? "" : " ") + svg_number(100 * place.part) + ' ' + svg_number(place.x);
  }
  return text;
}

/// The pages with a box over each bar, for the cursor and for clicks.
std::string score_markup(const std::vector<EngravedPage>& pages) {
  std::string markup;
  for (const EngravedPage& page : pages) {
    std::string boxes;
    for (const BarBox& bar : page.bars) {
      boxes += "<rect class=\"bar-box\" data-bar=\"" + std::to_string(bar.measure) + "\" x=\"" +
               svg_number(bar.x) + "\" y=\"" + svg_number(bar.y) + "\" width=\"" +
               svg_number(bar.width) + "\" height=\"" + svg_number(bar.height) +
               "\" data-places=\"" + places_text(bar.places) + "\"/>\n";
    }
    std::string svg = page.svg;
    svg.insert(svg.rfind("</svg>"), boxes);
    markup += svg;
  }
  return markup;
}

}  // namespace

void write_report_page(const ReportPage& page, std::ostream& out) {
  const std::map<std::string, std::string, std::less<>> values = {
      {"title", escaped(clean_text(page.title))},
      {"style", std::string(carried_style())},
      {"script", carried_script()},
      {"data", data_text(page)},
      {"score", score_markup(page.score)}};
  std::string_view rest = carried_html();
  while (true) {
    const std::size_t start = rest.find("{{");
    const std::size_t end = rest.find("}}", start);
    if (start == rest.npos || end == rest.npos) break;
    out << rest.substr(0, start) << values.find(rest.substr(start + 2, end - start - 2))->second;
    rest.remove_prefix(end + 2);
  }
  out << rest;
}

}  // namespace fyr
