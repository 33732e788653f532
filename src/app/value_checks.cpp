// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/value_checks.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <type_traits>

#include "suggest.hpp"

namespace fyr::app {
namespace {

/// From `low` to `high`, as far as T can tell them.
template <typename T>
CLI::Validator between(T low, T high, const std::string& kind) {
  const auto check = [low, high, kind](std::string& text) -> std::string {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool read = error == std::errc() && end == text.data() + text.size();
    // Written so that it fails for what is not a number.
    if (read && value >= low && value <= high) {
      if constexpr (std::is_integral_v<T>) text = std::to_string(value);
      return {};
    }
    return "\"" + text + "\" is not " + kind + " from " + CLI::detail::to_string(low) + " to " +
           CLI::detail::to_string(high);
  };
  return CLI::Validator(check, "");
}

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  return CLI::detail::join(words, separator);
}

}  // namespace

CLI::Validator number_between(double low, double high) { return between(low, high, "a number"); }

CLI::Validator whole_number_between(int low, int high) {
  return between(low, high, "a whole number");
}

CLI::Validator one_of(const std::vector<std::string>& choices) {
  const auto check = [choices](const std::string& text) -> std::string {
    if (std::ranges::find(choices, text) != choices.end()) return {};
    return "unknown \"" + text + "\"" + did_you_mean(text, choices) +
           "; there are: " + joined(choices, ", ");
  };
  return CLI::Validator(check, "{" + joined(choices, ",") + "}");
}

CLI::Validator such_as(const std::vector<std::string>& choices) {
  return CLI::Validator([](const std::string&) { return std::string(); },
                        "{" + joined(choices, ",") + "}");
}

}  // namespace fyr::app
