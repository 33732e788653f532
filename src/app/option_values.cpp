// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_values.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "fyr/drum.hpp"
#include "fyr/error.hpp"
#include "suggest.hpp"
#include "text.hpp"

namespace fyr::app {
namespace {

Drum parse_drum(const std::string& id) {
  if (const auto drum = drum_from_id(id)) return *drum;
  throw UsageError("--threshold: " + unknown_drum(id));
}

/// `item` is what stands between commas: "0.3", or "snare=0.3" with the number as `text`.
double parse_threshold(std::string_view text, const std::string& item) {
  const auto value = to_number(text);
  if (!value) {
    throw UsageError("--threshold: \"" + item +
                     "\" makes no sense; write 0.25 for all drums, snare=0.25 for one");
  }
  if (*value < 0 || *value > 1) {
    throw UsageError("--threshold: " + item + " is not between 0 and 1");
  }
  return *value;
}

/// Who names a threshold wants what reaches it, all of it and only it: no gate, no pooling.
void set_threshold(PeakPicking& drum, double threshold) {
  drum.threshold = threshold;
  drum.presence = 0;
  drum.pooled = false;
}

std::string drum_name(const std::string& item) {
  return std::string(trimmed(std::string_view(item).substr(0, item.find('='))));
}

void apply_threshold(const std::string& item, PerDrum<PeakPicking>& settings) {
  const std::size_t equals = item.find('=');
  if (equals == std::string::npos) {
    const double value = parse_threshold(item, item);
    for (PeakPicking& drum : settings) set_threshold(drum, value);
  } else {
    const Drum drum = parse_drum(drum_name(item));
    const double value = parse_threshold(trimmed(std::string_view(item).substr(equals + 1)), item);
    set_threshold(settings[index_of(drum)], value);
  }
}

std::optional<int> parse_integer(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

PerDrum<PeakPicking> with_thresholds(PerDrum<PeakPicking> settings,
                                     const std::vector<std::string>& values) {
  std::vector<std::string> items;
  for (const std::string& value : values) {
    std::size_t start = 0;
    while (start <= value.size()) {
      const std::size_t comma = std::min(value.find(',', start), value.size());
      items.emplace_back(trimmed(std::string_view(value).substr(start, comma - start)));
      start = comma + 1;
    }
  }
  const auto of_all = [](const std::string& item) { return item.find('=') == item.npos; };
  std::stable_partition(items.begin(), items.end(), of_all);
  std::set<std::string> named;
  for (const std::string& item : items) {
    const std::string name = of_all(item) ? "" : drum_name(item);
    apply_threshold(item, settings);
    if (!named.insert(name).second) {
      throw UsageError("--threshold: " + (name.empty() ? "a threshold of all drums" : name) +
                       " stands more than once; keep one");
    }
  }
  return settings;
}

Meter parse_meter(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    const auto numerator = parse_integer(std::string_view(text).substr(0, slash));
    const auto denominator = parse_integer(std::string_view(text).substr(slash + 1));
    const Meter meter{numerator.value_or(0), denominator.value_or(0)};
    if (is_known(meter)) return meter;
  }
  throw UsageError("--time-signature: \"" + text +
                   "\" is not a time signature; write 1 to 32 over 2, 4, 8 or 16, like 7/8");
}

}  // namespace fyr::app
