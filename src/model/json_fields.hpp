// SPDX-License-Identifier: GPL-3.0-or-later

/// Typed, range-checked access to the fields of a JSON object.
///
/// Every function throws InputError with a cause that names the field; the reader of the file adds
/// which file it was and what to do about it.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fyr/error.hpp"

namespace fyr {

using Json = nlohmann::json;

/// Parses a whole document, as Json or nlohmann::ordered_json; `what` names it in the error. A key
/// that an object has twice is one: nobody could say which of the two values counts.
template <typename Document = Json>
Document parse_json(std::string_view text, const std::string& what);

/// `text` as JSON writes it, in quotes and on one line, for messages.
std::string quoted(const std::string& text);

/// What `read` returns; `where` goes before the cause of an InputError that it throws.
template <typename Read>
auto within(const std::string& where, Read read) {
  try {
    return read();
  } catch (const InputError& error) {
    throw InputError(where + ": " + error.what());
  }
}

/// The same for what stands under `key`.
template <typename Read>
auto within_field(const std::string& key, Read read) {
  return within('"' + key + '"', read);
}

/// The field itself; `object` must be an object that has it.
const Json& field(const Json& object, const char* key);

const Json& object_field(const Json& object, const char* key);
const Json& array_field(const Json& object, const char* key);
const std::string& string_field(const Json& object, const char* key);
bool bool_field(const Json& object, const char* key);
/// A whole number in [least, most]; 1.0 is one, as JSON has but one kind of number.
int int_field(const Json& object, const char* key, int least, int most);
/// A number in [least, most].
double number_field(const Json& object, const char* key, double least, double most);
/// A list of `n` numbers in [least, most].
std::vector<double> numbers_field(const Json& object, const char* key, std::size_t n, double least,
                                  double most);

/// Calls `read` with every entry of a list; an error says which it was, counted from 1.
template <typename Read>
void read_entries(const Json& object, const char* key, Read read) {
  int number = 0;
  for (const Json& entry : array_field(object, key)) {
    ++number;
    within('"' + std::string(key) + "\", entry " + std::to_string(number), [&] { read(entry); });
  }
}

}  // namespace fyr
