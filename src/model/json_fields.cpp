// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json_fields.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <locale>
#include <set>
#include <sstream>

#include "text.hpp"

namespace fyr {
namespace {

template <typename T>
std::string range(T least, T most) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << std::setprecision(std::numeric_limits<T>::digits10) << "between " << least << " and "
       << most;
  return text.str();
}

[[noreturn]] void fail(const char* key, const std::string& expected) {
  throw InputError("\"" + std::string(key) + "\" must be " + expected);
}

}  // namespace

template <typename Document>
Document parse_json(std::string_view text, const std::string& what) {
  using Event = typename Document::parse_event_t;
  check_nesting(text);
  std::vector<std::set<std::string>> keys;  // Of the objects that are open.
  const auto keep = [&](int /*depth*/, Event event, const Document& parsed) {
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key && !keys.back().insert(parsed.template get<std::string>()).second) {
      throw InputError(what + " has " + parsed.dump() + " twice");
    }
    return true;
  };
  Document json = Document::parse(text, keep, false);
  if (json.is_discarded()) throw InputError(what + " is not JSON");
  return json;
}

template Json parse_json(std::string_view text, const std::string& what);
template nlohmann::ordered_json parse_json(std::string_view text, const std::string& what);

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json& field(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) {
    throw InputError("\"" + std::string(key) + "\" is missing");
  }
  return object.at(key);
}

const Json& object_field(const Json& object, const char* key) {
  const Json& json = field(object, key);
  if (!json.is_object()) fail(key, "an object");
  return json;
}

const Json& array_field(const Json& object, const char* key) {
  const Json& json = field(object, key);
  if (!json.is_array()) fail(key, "a list");
  return json;
}

const std::string& string_field(const Json& object, const char* key) {
  const Json& json = field(object, key);
  if (!json.is_string()) fail(key, "text");
  return json.get_ref<const std::string&>();
}

bool bool_field(const Json& object, const char* key) {
  const Json& json = field(object, key);
  if (!json.is_boolean()) fail(key, "true or false");
  return json.get<bool>();
}

int int_field(const Json& object, const char* key, int least, int most) {
  const Json& json = field(object, key);
  const double value = json.is_number() ? json.get<double>() : least - 1.0;
  if (value < least || value > most || value != std::floor(value)) {
    fail(key, "a whole number " + range(least, most));
  }
  return static_cast<int>(value);
}

double number_field(const Json& object, const char* key, double least, double most) {
  const Json& json = field(object, key);
  const double value = json.is_number() ? json.get<double>() : least - 1.0;
  if (!(value >= least && value <= most)) fail(key, "a number " + range(least, most));
  return value;
}

std::vector<double> numbers_field(const Json& object, const char* key, std::size_t n, double least,
                                  double most) {
  const Json& list = array_field(object, key);
  const auto fits = [&](const Json& json) {
    return json.is_number() && json.get<double>() >= least && json.get<double>() <= most;
  };
  if (list.size() != n || !std::ranges::all_of(list, fits)) {
    fail(key, std::to_string(n) + " numbers " + range(least, most));
  }
  return list.get<std::vector<double>>();
}

}  // namespace fyr
